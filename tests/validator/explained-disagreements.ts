/** Where other engines are known to say something else than ours on random schemas, and why ours stands. */
import type { Json } from '@errand/core/json';

export interface Disagreement {
  readonly reason: string;
  /** Says whether a schema and a value are of the kind that it is about. */
  concerns(schema: Json, value: Json): boolean;
}

/** A name that every JavaScript object has without having it. */
const inherits = (schema: Json, value: Json): boolean => /"(toString|__proto__)"/.test(JSON.stringify([schema, value]));

export const EXPLAINED: Readonly<Record<'ajv' | 'hyperjump' | 'cfworker', readonly Disagreement[]>> = {
  ajv: [
    {
      reason:
        'It reads a property to see whether it is there, so `{}` has "toString" and "__proto__"; and it calls `toString` of a value that has its own.',
      concerns: inherits,
    },
    {
      reason: 'It does not ask an array for what it must contain where a longer `prefixItems` stands beside `contains`.',
      concerns: (schema) => /"contains"/.test(JSON.stringify(schema)) && /"prefixItems"/.test(JSON.stringify(schema)),
    },
    {
      reason: 'It takes every item for evaluated once `contains` holds, and not only those that it holds for.',
      concerns: (schema) => /"contains"/.test(JSON.stringify(schema)) && /"unevaluatedItems"/.test(JSON.stringify(schema)),
    },
    {
      reason: 'It does not count what an `unevaluated…` in a branch has evaluated there.',
      concerns: (schema) => (JSON.stringify(schema).match(/"unevaluated/g) ?? []).length > 1,
    },
  ],
  hyperjump: [],
  cfworker: [],
};
