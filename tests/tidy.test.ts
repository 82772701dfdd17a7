/** Style as a failing test. A rule broken twice becomes a rule here; what the linter can hold is in .oxlintrc.json. */
import { describe, expect, it } from 'vitest';
import { brokenLinks, missingPaths } from './tidy/links.ts';
import { RULES_OF_STYLE } from './tidy/rules.ts';
import { readTree } from './tidy/tree.ts';

const tree = readTree();
const pages = tree.filter(({ path }) => path.endsWith('.md'));

describe('the tree', () => {
  it.each(RULES_OF_STYLE.map((rule) => [rule.name, rule] as const))('%s', (_name, { holds, excepts, find }) => {
    const held = tree.filter(({ path }) => holds.test(path) && excepts?.test(path) !== true);
    expect(held.flatMap((file) => find(file).map((fault) => `${file.path}: ${fault}`))).toEqual([]);
  });

  it.each(RULES_OF_STYLE.map((rule) => [rule.name, rule] as const))(
    'would be caught if it did not: %s',
    (_name, { holds, find, offence }) => {
      expect([holds.test(offence.path), find(offence).length]).toEqual([true, 1]);
    },
  );

  it('checks the types of every package that has code', () => {
    const manifests = tree
      .filter(({ path }) => /^.+\/package\.json$/.test(path))
      .map((file) => ({ file, folder: file.path.replace('package.json', '') }));
    const unchecked = manifests
      .filter(({ folder }) => tree.some(({ path }) => path.startsWith(folder) && /\.tsx?$/.test(path)))
      .filter(({ file }) => (JSON.parse(file.text) as { scripts?: Record<string, string> }).scripts?.['typecheck'] === undefined);
    expect(unchecked.map(({ folder }) => folder)).toEqual([]);
  });
});

describe('a page', () => {
  const texts = new Map(pages.map(({ path, text }) => [path, text]));

  it('links to files and headings that exist', () => {
    expect(pages.flatMap((page) => brokenLinks(page, texts).map((link) => `${page.path}: ${link}`))).toEqual([]);
    expect(brokenLinks({ path: 'docs/a.md', text: '[b](./no-such.md) [c](../README.md#no-such)' }, texts)).toHaveLength(2);
  });

  it('about a decision is on the list of decisions', () => {
    const list = texts.get('docs/decisions/README.md') ?? '';
    const decisions = pages.flatMap(({ path }) => /^docs\/decisions\/((?!README).*\.md)$/.exec(path)?.[1] ?? []);
    expect(decisions.filter((page) => !list.includes(`(${page})`))).toEqual([]);
  });

  it('names files that exist', () => {
    expect(pages.flatMap((page) => missingPaths(page).map((path) => `${page.path}: ${path}`))).toEqual([]);
    expect(missingPaths({ path: 'a.md', text: 'in `packages/core/src/task.ts`, `no-such.ts`, `packages/core/none.ts`' })).toHaveLength(2);
  });
});
