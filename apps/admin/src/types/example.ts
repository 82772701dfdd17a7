/** A first input for a type: what its schema requires, with the simplest values, to be filled in by hand. */
import type { JsonSchema } from '../api/shapes.ts';

const DEEPEST = 5;
const PLAIN: Readonly<Record<string, unknown>> = { string: '', number: 0, integer: 0, boolean: false, array: [], null: null };

export function exampleOf(schema: unknown, deepest = DEEPEST): unknown {
  if (typeof schema !== 'object' || schema === null || deepest === 0) return {};
  const { default: byDefault, const: only, enum: choices, examples, type, properties, required, minimum } = schema as JsonSchema;
  if (byDefault !== undefined) return byDefault;
  if (only !== undefined) return only;
  if (Array.isArray(examples) && examples.length > 0) return examples[0];
  if (Array.isArray(choices) && choices.length > 0) return choices[0];
  if (typeof properties === 'object' && properties !== null) {
    const names = Array.isArray(required) && required.length > 0 ? (required as string[]) : Object.keys(properties);
    return Object.fromEntries(names.map((name) => [name, exampleOf((properties as JsonSchema)[name], deepest - 1)]));
  }
  if (typeof minimum === 'number') return minimum;
  const first = Array.isArray(type) ? type[0] : type;
  return typeof first === 'string' && first in PLAIN ? PLAIN[first] : {};
}
