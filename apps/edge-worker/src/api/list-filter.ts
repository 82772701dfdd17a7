/** Filters of lists and counts of tasks, read from the query. */
import type { TaskFilter } from '@errand/core/ledger-object';
import { OPEN_STATUSES, TERMINAL_STATUSES, type Status } from '@errand/core/task';
import type { Kind } from '@errand/core/task-type';
import { parseTime } from './fields.ts';
import { Problem } from './problem.ts';

const STATUSES: readonly string[] = [...OPEN_STATUSES, ...TERMINAL_STATUSES];
const KINDS: readonly string[] = ['automated', 'manual', 'integration'];
/** The parameters that filter, of a list and of a count. */
export const FILTER_NAMES = ['status', 'type', 'kind', 'tag', 'holder', 'createdAfter', 'createdBefore', 'system'] as const;

/** The filter in a query. Throws a 400 that names the parameter which is wrong or unknown. */
export function listFilter(query: Readonly<Record<string, string>>): TaskFilter {
  const status = query['status']?.split(',');
  if (status?.some((one) => !STATUSES.includes(one))) throw invalid('status', `one of ${STATUSES.join(', ')}`);
  if (query['kind'] !== undefined && !KINDS.includes(query['kind'])) throw invalid('kind', `one of ${KINDS.join(', ')}`);
  const { type, version } = readTypeFilter(query);
  if (query['system'] !== undefined && !['true', 'false'].includes(query['system'])) throw invalid('system', 'true or false');
  const createdAfter = time(query, 'createdAfter');
  const createdBefore = time(query, 'createdBefore');
  return {
    ...(status === undefined ? {} : { status: status as Status[] }),
    ...(type === undefined ? {} : { type }),
    ...(version === undefined ? {} : { version }),
    ...(query['kind'] === undefined ? {} : { kind: query['kind'] as Kind }),
    ...(query['tag'] === undefined ? {} : { tag: query['tag'] }),
    ...(query['holder'] === undefined ? {} : { holder: query['holder'] }),
    ...(createdAfter === undefined ? {} : { createdAfter }),
    ...(createdBefore === undefined ? {} : { createdBefore }),
    system: query['system'] === 'true',
  };
}

/** The parameter `type`: `name`, or `name@version`. */
export function readTypeFilter(query: Readonly<Record<string, string>>): { readonly type?: string; readonly version?: number } {
  const text = query['type'];
  if (text === undefined) return {};
  const match = /^([^@]+)(?:@([1-9]\d{0,9}))?$/.exec(text);
  if (match?.[1] === undefined) throw invalid('type', 'name or name@version');
  return { type: match[1], ...(match[2] === undefined ? {} : { version: Number(match[2]) }) };
}

/** A parameter that is a whole number; `undefined` where it was not sent. Throws a 400 for anything else. */
export function wholeNumber(query: Readonly<Record<string, string>>, name: string): number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  if (!/^\d{1,12}$/.test(text)) throw invalid(name, 'a whole number');
  return Number(text);
}

function time(query: Readonly<Record<string, string>>, name: string): number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  const at = parseTime(text);
  if (at === undefined) throw invalid(name, 'an RFC 3339 time, such as "2030-01-01T09:00:00Z"');
  return at;
}

function invalid(name: string, expected: string): Problem {
  return new Problem(400, 'invalid_query', `The parameter "${name}" must be ${expected}.`);
}
