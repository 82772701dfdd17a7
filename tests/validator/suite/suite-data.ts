/**
 * The official JSON-Schema-Test-Suite, read from the folder that JSON_SCHEMA_TEST_SUITE names or from where it lies beside the
 * repository. It is data, not part of the project, so a test says when it is absent.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Draft } from '@errand/core/validator/engine/keyword';
import type { Json } from '@errand/core/json';

/** What a set of cases is about: the required rules, the optional ones, or `format` as an assertion. */
export type Part = 'required' | 'optional' | 'format';

export interface Group {
  readonly description: string;
  readonly schema: Json;
  readonly tests: readonly { readonly description: string; readonly data: Json; readonly valid: boolean }[];
}

export interface SuiteFile {
  readonly draft: Draft;
  readonly part: Part;
  readonly name: string;
  readonly groups: readonly Group[];
}

export interface Suite {
  readonly files: readonly SuiteFile[];
  readonly remotes: readonly (readonly [uri: string, schema: Json])[];
}

export const DRAFTS: readonly { readonly draft: Draft; readonly folder: string; readonly name: string }[] = [
  { draft: 2020, folder: 'draft2020-12', name: '2020-12' },
  { draft: 2019, folder: 'draft2019-09', name: '2019-09' },
  { draft: 7, folder: 'draft7', name: '7' },
  { draft: 6, folder: 'draft6', name: '6' },
  { draft: 4, folder: 'draft4', name: '4' },
];

const REPOSITORY = join(import.meta.dirname, '..', '..', '..');

/** The suite, or `null` where it is not on this machine. */
export function readSuite(): Suite | null {
  const folder = process.env['JSON_SCHEMA_TEST_SUITE'] ?? join(REPOSITORY, '..', 'shared', 'json-schema-test-suite');
  if (!existsSync(join(folder, 'tests'))) return null;
  return {
    files: DRAFTS.flatMap(({ draft, folder: name }) => filesOf(join(folder, 'tests', name), draft)),
    remotes: remotesOf(join(folder, 'remotes')),
  };
}

function filesOf(folder: string, draft: Draft): SuiteFile[] {
  const read = (path: string, part: Part): SuiteFile[] =>
    jsonFiles(path).map((name) => ({ draft, part, name, groups: JSON.parse(readFileSync(join(path, name), 'utf8')) }));
  return [
    ...read(folder, 'required'),
    ...read(join(folder, 'optional'), 'optional'),
    ...read(join(folder, 'optional', 'format'), 'format'),
  ];
}

function jsonFiles(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
}

/** The schemas that the suite's cases refer to, under the address where the suite expects a server. */
function remotesOf(folder: string): Suite['remotes'] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => [`http://localhost:1234/${name}`, JSON.parse(readFileSync(join(folder, name), 'utf8'))]);
}
