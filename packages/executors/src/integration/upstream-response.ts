/** A third party's answer as the `response` of expressions: its body is parsed where its content type says JSON, and text otherwise. */
import type { Json } from '@errand/core/json';
import { exceedsDepth } from '@errand/core/json-depth';
import { isSuccess, type OutboundResponse } from './outbound.ts';

export interface UpstreamResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
}

/** Levels of nesting, as for inputs. Deeper JSON could be parsed but not written again. */
const MAX_DEPTH = 64;

/**
 * Reads an answer, or says why it cannot be read. An empty body is `null`. An answer that is not 2xx can always be read, as text: its
 * status is what counts.
 */
export function readResponse({ status, headers, body }: OutboundResponse): UpstreamResponse | { readonly unreadable: string } {
  const text = new TextDecoder().decode(body);
  if (text === '') return { status, headers, body: null };
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(headers['content-type'] ?? '')) return { status, headers, body: text };
  const result = parsed(text);
  if (!('unreadable' in result)) return { status, headers, body: result.value };
  return isSuccess(status) ? result : { status, headers, body: text };
}

function parsed(text: string): { readonly value: Json } | { readonly unreadable: string } {
  if (exceedsDepth(text, MAX_DEPTH)) return { unreadable: `The answer is nested deeper than ${MAX_DEPTH} levels.` };
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return { unreadable: 'The answer says that it is JSON, and is not.' };
  }
}
