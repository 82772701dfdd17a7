/** The page on the data model names every error that a task can end with by the service's doing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTree, ROOT } from '../tidy/tree.ts';

const page = readFileSync(join(ROOT, 'docs', 'data_model.md'), 'utf8');
const section = /## Errors of a task\n([\s\S]*?)\n## /.exec(page)?.[1] ?? '';
const listed = [...section.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, codes = '']) => codes.replaceAll('`', '').split(', '));

/** Where attempts fail: executors, the lifecycle, and what performs tasks and checks their outputs. */
const SOURCES =
  /^(packages\/executors\/src\/.*|packages\/core\/src\/lifecycle\/.*|apps\/edge-worker\/src\/(perform|types))(?<!\.test|\.fixture)\.ts$/;
const sources = readTree().filter(({ path }) => SOURCES.test(path));

describe('the page on the data model', () => {
  it('has every code with which the service fails an attempt or a task', () => {
    expect(failing().filter((code) => !listed.includes(code))).toEqual([]);
  });

  it('has no code that nothing gives', () => {
    expect(listed.filter((code) => !sources.some(({ text }) => text.includes(`'${code}'`)))).toEqual([]);
  });
});

function failing(): string[] {
  const written = [/\b(?:failed|errorOf)\(\s*'([\w.]+)'/g, /\bcode: '([\w.]+)'/g, /\['([\w.]+)', (?:true|false)\]/g, /'(timeout\.\w+)'/g];
  const codes = sources.flatMap(({ text }) => written.flatMap((pattern) => [...text.matchAll(pattern)].map(([, code = '']) => code)));
  // The grace of a cancel ends a task without an error.
  return [...new Set(codes)].filter((code) => code !== 'cancel_grace');
}
