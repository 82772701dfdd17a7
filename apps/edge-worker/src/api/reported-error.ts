/** An error as somebody outside reports it: a third party by its callback, a worker by its lease. */
import { z } from '@hono/zod-openapi';
import type { Failed } from '@errand/core/outcome';
import { durationOrNone, json, text } from './fields.ts';

const MAX_CODE_LENGTH = 128;
const MAX_MESSAGE_LENGTH = 4_000;

export const ReportedErrorSchema = z
  .strictObject({
    code: text(MAX_CODE_LENGTH),
    message: text(MAX_MESSAGE_LENGTH),
    retryable: z.boolean().default(true),
    nextRetryDelay: durationOrNone.optional(),
    details: json.optional(),
  })
  .openapi('ReportedError');

/** The failed attempt that such an error means. */
export function failureOf({ nextRetryDelay, details, ...error }: z.output<typeof ReportedErrorSchema>): Failed {
  return {
    kind: 'failed',
    error: { ...error, ...(details === undefined ? {} : { details }) },
    ...(nextRetryDelay === undefined ? {} : { nextRetryDelayMs: nextRetryDelay }),
  };
}
