/** An error as somebody outside reports it: a third party by its callback, a worker by its lease. */
import { parseDuration } from '@errand/core/duration';
import { isJsonObject } from '@errand/core/json';
import type { Failed } from '@errand/core/outcome';
import type { FieldError } from './problem.ts';
import { RequestMembers } from './request-members.ts';

export const MAX_CODE_LENGTH = 128;
export const MAX_MESSAGE_LENGTH = 4_000;

/** Reads the member `error` of a body: `{ code, message, retryable?, nextRetryDelay?, details? }`. What is wrong goes to `errors`. */
export function readReportedError(body: RequestMembers, errors: FieldError[]): Failed {
  const given = body.get('error');
  if (!isJsonObject(given)) body.refuse('error', given === undefined ? 'is required' : 'must be an object');
  if (!isJsonObject(given)) body.done();
  const error = new RequestMembers(
    isJsonObject(given) ? given : {},
    ['code', 'message', 'retryable', 'nextRetryDelay', 'details'],
    '#/error',
    errors,
  );
  const code = error.text('code', MAX_CODE_LENGTH);
  const message = error.text('message', MAX_MESSAGE_LENGTH);
  const retryable = error.boolean('retryable', true);
  const details = error.get('details');
  const delay = error.get('nextRetryDelay');
  const nextRetryDelayMs = typeof delay === 'string' ? parseDuration(delay) : undefined;
  if (delay !== undefined && nextRetryDelayMs === undefined)
    error.refuse('nextRetryDelay', 'must be an ISO 8601 duration without months or years, such as "PT30S"');
  error.done();
  return {
    kind: 'failed',
    error: { code, message, retryable, ...(details === undefined ? {} : { details }) },
    ...(nextRetryDelayMs === undefined ? {} : { nextRetryDelayMs }),
  };
}
