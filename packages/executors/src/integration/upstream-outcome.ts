/** What a third party's answer, or the lack of one, means for the attempt: which error, and whether it is retried. */
import type { Json } from '@errand/core/json';
import type { Failed } from '@errand/core/outcome';
import { failed } from '../failed.ts';
import { isSuccess, type OutboundFault } from './outbound.ts';
import { retryAfterMs } from './retry-after.ts';
import type { UpstreamResponse } from './upstream-response.ts';

/** Characters of the answer's body that are kept with the error. */
const MAX_SHOWN = 2_000;

/** The failure that an answer's status means, or `undefined` for 2xx. */
export function failureOfStatus(response: UpstreamResponse, now: number): Failed | undefined {
  const { status } = response;
  if (isSuccess(status)) return undefined;
  const [code, retryable] = meaningOf(status);
  const waitMs = retryable ? retryAfterMs(response.headers['retry-after'], now) : undefined;
  const failure = failed(code, `The third party answered ${status}.`, retryable, { status, body: shown(response.body) });
  return waitMs === undefined ? failure : { ...failure, nextRetryDelayMs: waitMs };
}

/** The failure of a call that got no answer. */
export function failureOfFault({ kind, detail }: OutboundFault): Failed {
  const [code, retryable] = FAULTS[kind];
  return failed(code, detail, retryable);
}

const FAULTS: Record<OutboundFault['kind'], readonly [code: string, retryable: boolean]> = {
  blocked: ['blocked_destination', false],
  connection: ['upstream.connection', true],
  tls: ['upstream.tls', false],
  timeout: ['timeout.start_to_close', true],
  too_large: ['payload_too_large', false],
  redirect: ['upstream.redirect', false],
};

function meaningOf(status: number): readonly [code: string, retryable: boolean] {
  if (status === 429) return ['upstream.rate_limited', true];
  if (status === 408 || status === 425 || status >= 500) return ['upstream.unavailable', true];
  return status >= 400 ? ['upstream.client_error', false] : ['upstream.redirect', false];
}

function shown(body: Json): Json {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return text.length <= MAX_SHOWN ? body : `${text.slice(0, MAX_SHOWN)}…`;
}
