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
      reason: 'It does not ask an empty array for what it must contain where `prefixItems` stands beside `contains`.',
      concerns: (schema, value) =>
        /"contains".*"prefixItems"|"prefixItems".*"contains"/.test(JSON.stringify(schema)) && /\[\]/.test(JSON.stringify(value)),
    },
  ],
  hyperjump: [],
  cfworker: [],
};
