/** An error as somebody outside reports it: a third party by its callback, a worker by its lease. */
import { parseDuration } from '@errand/core/duration';
import { isJsonObject, type Json } from '@errand/core/json';
import type { Failed } from '@errand/core/outcome';
import type { FieldError } from './problem.ts';

const MAX_CODE_LENGTH = 128;
const MAX_MESSAGE_LENGTH = 4_000;
const MEMBERS = new Set(['code', 'message', 'retryable', 'nextRetryDelay', 'details']);

/** Reads `{ code, message, retryable?, nextRetryDelay?, details? }`; retryable unless it says otherwise. */
export function readReportedError(value: Json): Failed | { readonly errors: readonly FieldError[] } {
  if (!isJsonObject(value)) return { errors: [{ pointer: '#/error', detail: 'must be an object with "code" and "message"' }] };
  const { code, message, retryable = true, nextRetryDelay, details } = value;
  const errors: FieldError[] = Object.keys(value)
    .filter((member) => !MEMBERS.has(member))
    .map((member) => ({
      pointer: `#/error/${member.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      detail: 'is not a member of an error',
      keyword: 'additionalProperties',
    }));
  const fail = (member: string, detail: string): void => void errors.push({ pointer: `#/error/${member}`, detail });
  if (typeof code !== 'string' || !/^[\w.:-]+$/.test(code) || code.length > MAX_CODE_LENGTH)
    fail('code', `must be 1 to ${MAX_CODE_LENGTH} letters, digits, ".", "_", ":" or "-"`);
  if (typeof message !== 'string' || message.length > MAX_MESSAGE_LENGTH)
    fail('message', `must be a text of at most ${MAX_MESSAGE_LENGTH} characters`);
  if (typeof retryable !== 'boolean') fail('retryable', 'must be true or false');
  const delayMs = typeof nextRetryDelay === 'string' ? parseDuration(nextRetryDelay) : undefined;
  if (nextRetryDelay !== undefined && delayMs === undefined) fail('nextRetryDelay', 'must be an ISO 8601 duration, such as "PT30S"');
  if (errors.length > 0) return { errors };
  return {
    kind: 'failed',
    error: {
      code: code as string,
      message: message as string,
      retryable: retryable as boolean,
      ...(details === undefined ? {} : { details }),
    },
    ...(delayMs === undefined ? {} : { nextRetryDelayMs: delayMs }),
  };
}
