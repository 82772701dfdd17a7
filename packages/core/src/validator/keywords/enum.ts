/** `enum` and `const`: one look into a set, however many values there are. */
import type { Json } from '../../json.ts';
import { keyOf } from '../engine/equality.ts';
import type { Part } from '../engine/node.ts';
import { newRun } from '../engine/run.ts';
import { show, showExpected, showList } from '../engine/show.ts';
import { read, readList, type Site } from '../engine/site.ts';
import { assertion, single, type Test } from './assertion.ts';

export const constant = single('const', { vocabulary: 'validation', from: 6 }, (site) => {
  const expected = read(site, 'const');
  if (expected === undefined) return null;
  return quiet(
    assertion(site, 'any', 'const', oneOf([expected]), (value) => ({
      expected: `must be ${showExpected(expected)}`,
      got: show(value),
      params: { const: expected },
    })),
  );
});

export const enumeration = single('enum', { vocabulary: 'validation' }, (site: Site) => {
  const values = readList(site, 'enum');
  if (values === undefined) return null;
  return quiet(
    assertion(site, 'any', 'enum', oneOf(values), (value) => ({
      expected: `must be one of ${showList(values)}`,
      got: show(value),
      params: { enum: values },
    })),
  );
});

/** Up to here looking at every value is faster than a set. */
const SHORT = 8;

function quiet(part: Part & { kind: 'any' }): Part {
  return { ...part, quietAfterType: true };
}

function oneOf(values: readonly Json[]): Test<Json> {
  const primitives = new Set<Json>(values.filter((value) => value === null || typeof value !== 'object'));
  const structured = new Set(values.filter((value) => !primitives.has(value)).map((value) => keyOf(value, newRun(null))));
  if (values.length === 1 && structured.size === 0) {
    const [only] = values;
    return (value) => value === only;
  }
  if (structured.size === 0) {
    const list = [...primitives];
    return list.length <= SHORT ? (value) => list.includes(value) : (value) => primitives.has(value);
  }
  return (value, run) => (value === null || typeof value !== 'object' ? primitives.has(value) : structured.has(keyOf(value, run)));
}
