/** `type`. An integer is any number without a fraction: `1.0` is one. */
import type { Json } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import type { PartOf, TypeName } from '../engine/node.ts';
import { fail } from '../engine/report.ts';
import { nameOfType, show } from '../engine/show.ts';
import { read } from '../engine/site.ts';
import { single, type Test } from './assertion.ts';

const TESTS: Readonly<Record<TypeName, (value: Json) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: (value) => Array.isArray(value),
  object: isJsonObject,
};

export const type = single('type', { vocabulary: 'validation' }, (site) => {
  const declared = read(site, 'type') ?? null;
  const names = (Array.isArray(declared) ? declared : [declared]).filter(isTypeName);
  const [only] = names;
  if (only === undefined) return null;
  const test: Test<Json> = names.length === 1 ? TESTS[only] : anyOfThem(new Set(names));
  const part: PartOf<'any'> = {
    kind: 'any',
    check: test,
    explain: (value, place, report) =>
      fail(report, site, place, 'type', {
        expected: `must be ${names.map(nameOfType).join(' or ')}`,
        got: show(value),
        params: { type: declared },
      }),
  };
  return names.length === 1 ? { ...part, only } : part;
});

function anyOfThem(names: ReadonlySet<TypeName>): Test<Json> {
  const [string, boolean, empty] = [names.has('string'), names.has('boolean'), names.has('null')];
  const [number, integer, array, object] = [names.has('number'), names.has('integer'), names.has('array'), names.has('object')];
  return (value) => {
    switch (typeof value) {
      case 'string':
        return string;
      case 'number':
        return number || (integer && Number.isInteger(value));
      case 'boolean':
        return boolean;
      default:
        return value === null ? empty : Array.isArray(value) ? array : object;
    }
  };
}

function isTypeName(name: Json): name is TypeName {
  return typeof name === 'string' && Object.hasOwn(TESTS, name);
}
