/**
 * Bodies read by a schema: every fault at once, each with its pointer. For bodies of the catalog (types, keys, rules),
 * whose schema the OpenAPI document shows too. Task data is never read this way: a zod object drops `__proto__`.
 */
import type { z } from '@hono/zod-openapi';
import { pointerTo } from './json-pointer.ts';
import { Problem, type FieldError } from './problem.ts';

/** Faults listed in one problem. A body with more than that has the same fault many times. */
export const MAX_FAULTS = 100;

/** The body as the schema gives it. Throws a 422 with every fault, whose detail is `refusal`. */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown, refusal: string): z.output<S> {
  const errors: FieldError[] = [];
  const value = parseField(schema, body, '#', errors);
  if (value === undefined) throw invalid(refusal, errors);
  return value;
}

/** One member as the schema gives it; `undefined` when it does not fit, with its faults added to `errors`. */
export function parseField<S extends z.ZodType>(schema: S, value: unknown, root: string, errors: FieldError[]): z.output<S> | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  errors.push(...result.error.issues.flatMap((issue) => faultsOf(issue, value, root)));
  return undefined;
}

/** The problem for a body whose content is wrong. */
export function invalid(refusal: string, errors: readonly FieldError[]): Problem {
  return new Problem(422, 'input_invalid', refusal, { errors: errors.slice(0, MAX_FAULTS) });
}

/** The error of a member that a body may not have. */
export function unknownMember(pointer: string): FieldError {
  return { pointer, detail: 'is not a member here', keyword: 'additionalProperties' };
}

function faultsOf(issue: z.core.$ZodIssue, value: unknown, root: string): FieldError[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownMember(pointerTo([...issue.path, key], root)));
  const pointer = pointerTo(issue.path, root);
  if (issue.code === 'invalid_type' && valueAt(value, issue.path) === undefined)
    return [{ pointer, detail: 'is required', keyword: 'required' }];
  const detail = issue.message.replace(/^(?:Invalid input|Invalid option|Too big|Too small): /, '');
  return [{ pointer, detail, ...(issue.code === 'invalid_type' ? { keyword: 'type' } : {}) }];
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, part) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, part) ? (at as Record<PropertyKey, unknown>)[part] : undefined,
    value,
  );
}
