/** What a caller takes as an answer: `Accept` (RFC 9110, section 12.5.1), and 406 where nothing fits. */
import type { ApiRequest } from './api-request.ts';
import { Problem } from './problem.ts';

/** What every endpoint may answer with unless it says otherwise. */
const JSON_TYPES: readonly string[] = ['application/json', 'application/problem+json'];

/** Refuses a request whose `Accept` fits none of `produces`. */
export function requireAcceptable(request: ApiRequest, produces: readonly string[] = JSON_TYPES): void {
  const header = request.headers.get('accept');
  // An empty list names nothing that it would not take; some runtimes drop it, others pass it on.
  if (header === null || header.trim() === '' || header === '*/*' || produces.some((type) => quality(header, type) > 0)) return;
  throw new Problem(406, 'not_acceptable', `This is answered as ${produces.join(' or ')}. Say so in "Accept", or leave it out.`);
}

/** Says whether a caller prefers `type` to `other`: it must be named, for a wildcard prefers nothing. */
export function prefers(request: ApiRequest, type: string, other: string): boolean {
  const header = request.headers.get('accept') ?? '';
  return header.toLowerCase().includes(type) && quality(header, type) >= quality(header, other);
}

/** The weight of `type` in an `Accept`, 0 to 1: of the most specific range that fits it. */
function quality(header: string, type: string): number {
  let best = { specificity: -1, weight: 0 };
  for (const range of header.split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const specificity = specificityOf(name, type);
    if (specificity <= best.specificity) continue;
    const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    best = { specificity, weight: q === undefined ? 1 : Number(q) || 0 };
  }
  return best.weight;
}

function specificityOf(range: string, type: string): number {
  if (range === type) return 2;
  if (range === `${type.split('/')[0]}/*`) return 1;
  return range === '*/*' ? 0 : -1;
}
