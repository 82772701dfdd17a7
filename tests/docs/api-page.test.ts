/** The page on the API says what the service does: every endpoint with its scope, and every code with its status. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENDPOINTS } from '@errand/edge-worker/api/endpoints';
import { problemOf } from '@errand/edge-worker/api/problem';
import { describe, expect, it } from 'vitest';
import { readTree, ROOT } from '../tidy/tree.ts';

const page = readFileSync(join(ROOT, 'docs', 'interfaces', 'api.md'), 'utf8');
const rows = [...page.matchAll(/^\| (.*?) \| (.*?) \| .* \|$/gm)].map(([, first = '', second = '']) => [first, second] as const);

describe('the page on the API', () => {
  it('has every endpoint with its scope, and no other', () => {
    const listed = rows
      .filter(([first]) => /^`[A-Z]+ \//.test(first))
      .map(([endpoint, scope]) => `${endpoint.replaceAll('`', '')} ${scope}`);
    expect(listed.toSorted()).toEqual(ENDPOINTS.map(({ method, path, scope }) => `${method.toUpperCase()} ${path} ${scope}`).toSorted());
  });

  it('has every code of a problem with its status, and no other', () => {
    const listed = rows
      .filter(([first]) => /^\d{3}$/.test(first))
      .flatMap(([status, codes]) => codes.split(', ').map((code) => `${status} ${code.replaceAll('`', '')}`));
    expect([...thrown(), ...rejected()].filter((code) => !listed.includes(code))).toEqual([]);
    const sources = [...serviceSources(), ...readTree().filter(({ path }) => path === 'packages/core/src/rejection.ts')];
    expect(listed.filter((code) => !sources.some(({ text }) => text.includes(`'${code.slice(4)}'`)))).toEqual([]);
  });
});

function serviceSources() {
  return readTree().filter(({ path }) => /^apps\/edge-worker\/src\/.*(?<!\.test)\.ts$/.test(path));
}

/** Codes with which endpoints refuse, read from their sources. */
function thrown(): string[] {
  return serviceSources().flatMap(({ text }) =>
    [...text.matchAll(/new Problem\(\s*(\d{3}),\s*'(\w+)'/g)].map(([, status, code]) => `${status} ${code}`),
  );
}

/** Codes with which the core refuses, at the status that they become. */
function rejected(): string[] {
  const source = readFileSync(join(ROOT, 'packages', 'core', 'src', 'rejection.ts'), 'utf8');
  return [...source.matchAll(/^ {2}\| '(\w+)'/gm)].map(([, code]) => `${problemOf({ code: code as never, detail: '' }).status} ${code}`);
}
