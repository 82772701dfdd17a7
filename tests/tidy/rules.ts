/** House style as rules over one file's path and text. Each has an offence that it must find, so that no rule is deaf. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type SourceFile } from './tree.ts';

export interface Rule {
  /** Completes the sentence "the tree …". */
  readonly name: string;
  readonly holds: RegExp;
  readonly excepts?: RegExp;
  /** What is wrong with a file: a line, or a word about the whole. */
  find(file: SourceFile): readonly string[];
  readonly offence: SourceFile;
}

const CODE = /\.(ts|tsx|mjs)$/;
const PRODUCT = /^(packages|apps)\/.*\.(ts|tsx)$/;
/** The rules spell out what they forbid. */
const RULES = /^tests\/tidy\//;
/** Longer files are two files. */
const MAX_LINES = 400;

export const RULES_OF_STYLE: readonly Rule[] = [
  {
    name: `has no file of more than ${MAX_LINES} lines`,
    holds: /\.(ts|tsx|mjs|py|css)$/,
    find: ({ text }) => (text.trimEnd().split('\n').length > MAX_LINES ? [`${text.trimEnd().split('\n').length} lines`] : []),
    offence: { path: 'apps/a.ts', text: 'x;\n'.repeat(MAX_LINES + 1) },
  },
  {
    name: 'has no barrels',
    holds: CODE,
    excepts: RULES,
    find: ({ path, text }) => [...(/(^|\/)index\.tsx?$/.test(path) ? ['an index file'] : []), ...lines(text, /^\s*export \* /)],
    offence: { path: 'apps/a.ts', text: "export * from './b.ts';" },
  },
  {
    name: 'names files after what they are, not drawers',
    holds: CODE,
    find: ({ path }) =>
      /(^|[/-])(utils?|helpers?|common|misc|shared|manager|processor)([-.]|$)/.test(path.split('/').at(-1) ?? '') ? ['a drawer'] : [],
    offence: { path: 'apps/string-utils.ts', text: '' },
  },
  {
    name: 'names files in kebab-case',
    holds: CODE,
    find: ({ path }) => (/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?\.(ts|tsx|mjs)$/.test(path.split('/').at(-1) ?? '') ? [] : ['its name']),
    offence: { path: 'apps/taskPage.tsx', text: '' },
  },
  {
    name: 'leaves nothing to be done later',
    holds: /./,
    excepts: RULES,
    find: ({ text }) => lines(text, /\b(TODO|FIXME|XXX|HACK)\b/),
    offence: { path: 'apps/a.ts', text: '// TODO: this' },
  },
  {
    name: 'runs every test',
    holds: CODE,
    excepts: RULES,
    find: ({ text }) => lines(text, /\b(it|test|describe)\.(only|skip|todo)\b|\b(xit|fit|xdescribe|fdescribe)\(/),
    offence: { path: 'apps/a.test.ts', text: "it.skip('is hard', () => {});" },
  },
  {
    name: 'uses one word for one thing',
    holds: PRODUCT,
    find: ({ text }) => lines(text, /\b(jobs?|assignees?|tenants?|processors?|topics?)\b/i),
    offence: { path: 'apps/a.ts', text: '/** Runs the jobs of a tenant. */' },
  },
  {
    name: 'names no machine',
    holds: /./,
    excepts: RULES,
    find: ({ text }) => lines(text, /(^|[\s"'`(=:])\/(work|root|home|Users|tmp)\//),
    offence: { path: 'docs/a.md', text: 'see /home/ann/errand' },
  },
  {
    name: 'keeps no mutable state in modules',
    holds: PRODUCT,
    excepts: /\.(test|fixture)\.tsx?$|\/runtimes\/(start|.*\/serve.*)\.ts$/,
    find: ({ text }) => lines(text, /^(export )?let /),
    offence: { path: 'packages/a.ts', text: 'let count = 0;' },
  },
  {
    name: 'begins every file with what it is for',
    holds: /^(packages|apps\/edge-worker|examples|bench)\/.*\.ts$|^scripts\//,
    // An endpoint says it in its own documentation.
    excepts: /\.(test|config)\.ts$|\.d\.ts$|\/api\/endpoints\//,
    find: ({ text }) => (/^(#!.*\n)?\/\*\*/.test(text) ? [] : ['no sentence at its head']),
    offence: { path: 'packages/a.ts', text: 'export const a = 1;' },
  },
  {
    name: 'refers to pages that are here',
    holds: /./,
    excepts: RULES,
    find: ({ text }) => [...text.matchAll(/\b[A-Z]{3,}\.md\b/g)].map(([page]) => page).filter((page) => !existsSync(join(ROOT, page))),
    offence: { path: 'packages/a.ts', text: '/** As DETAILS.md says. */' },
  },
  {
    name: 'imports across packages by name, not by path',
    holds: /^(packages|apps|examples|bench)\/.*\.(ts|tsx|mjs)$/,
    find: ({ path, text }) => importsOf(text).filter((specifier) => leavesItsPackage(path, specifier)),
    offence: { path: 'packages/core/src/task.ts', text: "import { a } from '../../router/src/rule.ts';" },
  },
  {
    name: 'pins every dependency to one version',
    holds: /(^|\/)package\.json$/,
    find: ({ text }) => looseVersions(text),
    offence: { path: 'packages/a/package.json', text: '{ "dependencies": { "hono": "^4.0.0" } }' },
  },
];

function lines(text: string, pattern: RegExp): string[] {
  return text.split('\n').flatMap((line, i) => (pattern.test(line) ? [`line ${i + 1}: ${line.trim()}`] : []));
}

function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:from|import|import\() ?['"](\.[^'"]+)['"]/g)].map((match) => String(match[1]));
}

function leavesItsPackage(path: string, specifier: string): boolean {
  const depth = path.split('/').length - (/^(packages|apps)\//.test(path) ? 3 : 2);
  return specifier.split('/').filter((part) => part === '..').length > depth;
}

function looseVersions(text: string): string[] {
  const manifest = JSON.parse(text) as Record<string, Record<string, string> | undefined>;
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']
    .flatMap((group) => Object.entries(manifest[group] ?? {}))
    .filter(([, version]) => !/^(workspace:\*|(npm:(@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+([-+][\w.+-]+)?)$/.test(version))
    .map(([name, version]) => `${name} ${version}`);
}
