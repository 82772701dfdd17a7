/** Bodies without task data, parsed by a schema; every error with its pointer. Values are never echoed: they may be secrets. */
import type { z } from '@hono/zod-openapi';
import type { JsonObject } from '@errand/core/json';
import { Problem, type FieldError } from './problem.ts';
import { escapePointer } from './verb-request.ts';

/** The parsed body, or 422 with all that is wrong. */
export function parseBody<T>(schema: z.ZodType<T>, body: JsonObject): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue): FieldError[] => {
    const pointer = ['#', ...issue.path.map((part) => escapePointer(String(part)))].join('/');
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        pointer: `${pointer}/${escapePointer(key)}`,
        detail: 'is not a member of this request',
        keyword: 'additionalProperties',
      }));
    return [{ pointer, detail: issue.message }];
  });
  throw new Problem(422, 'input_invalid', 'The request was not understood. Nothing was changed.', { errors });
}
