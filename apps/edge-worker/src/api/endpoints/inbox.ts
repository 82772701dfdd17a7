import { z } from '@hono/zod-openapi';
import type { InboxView } from '@errand/core/inbox-query';
import { INBOX, objectName } from '../../address.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { defineEndpoint } from '../endpoint.ts';
import { readTypeFilter } from '../list-filter.ts';
import { readLimit } from '../page.ts';
import { isManualAdmin, requireManual } from '../people.ts';
import { Problem } from '../problem.ts';
import { answers, TaskSchema } from '../schemas.ts';
import { taskView } from '../task-view.ts';

const VIEWS: readonly InboxView[] = ['mine', 'groups', 'all'];
const SORTS = ['due', 'newest'] as const;
const MAX_TEXT_LENGTH = 200;

const CountSchema = z.object({ open: z.int(), unclaimed: z.int(), overdue: z.int() });

/** Lists the tasks that wait for people: those the caller holds, those they may claim, or all. */
export const readInbox = defineEndpoint({
  method: 'get',
  path: '/v1/inbox',
  scope: 'any',
  docs: {
    summary: 'List the tasks that wait for people',
    description:
      '`mine`: what the key’s person holds. `groups`: what they are offered, by name, by group or to everybody. `all`: both, and everything for `manual:admin`. Needs `manual:work` or `manual:admin`.',
    tags: ['Manual'],
    request: {
      query: z.object({
        view: z.enum(['mine', 'groups', 'all']).optional(),
        sort: z.enum(['due', 'newest']).optional(),
        type: z.string().optional(),
        unclaimed: z.enum(['true', 'false']).optional(),
        overdue: z.enum(['true', 'false']).optional(),
        q: z.string().optional(),
        limit: z.string().optional(),
        cursor: z.string().optional(),
      }),
    },
    responses: answers(
      200,
      'A page, and how much is in each view (at most 10,000 are counted)',
      z.object({
        items: z.array(TaskSchema),
        nextCursor: z.string().nullable(),
        counts: z.object({ mine: CountSchema, groups: CountSchema, all: CountSchema }),
      }),
    ),
  },
  async handle({ service, namespace, caller, query }) {
    requireManual(caller);
    const view = oneOf(VIEWS, query, 'view') ?? 'groups';
    const sort = oneOf(SORTS, query, 'sort') ?? 'due';
    const { q } = query;
    if (q !== undefined && q.length > MAX_TEXT_LENGTH) throw invalid(`The parameter "q" may have ${MAX_TEXT_LENGTH} characters.`);
    const about = `${namespace.name} inbox ${caller.person?.id ?? caller.keyId} ${view} ${sort}`;
    const page = await service.objects.inbox(objectName(namespace.name, INBOX)).inbox({
      view,
      sort,
      admin: isManualAdmin(caller),
      unclaimed: flag(query, 'unclaimed'),
      overdue: flag(query, 'overdue'),
      after: readCursor(service.cursorKey, about, query['cursor']),
      limit: readLimit(query),
      ...(caller.person === undefined ? {} : { person: caller.person }),
      ...readTypeFilter(query),
      ...(q === undefined || q === '' ? {} : { text: q }),
    });
    return Response.json({
      items: page.items.map(taskView),
      nextCursor: page.next === null ? null : writeCursor(service.cursorKey, about, page.next),
      counts: page.counts,
    });
  },
});

function oneOf<T extends string>(values: readonly T[], query: Readonly<Record<string, string>>, name: string): T | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  const value = values.find((one) => one === text);
  if (value === undefined) throw invalid(`The parameter "${name}" must be one of ${values.join(', ')}.`);
  return value;
}

function flag(query: Readonly<Record<string, string>>, name: string): boolean {
  return oneOf(['true', 'false'] as const, query, name) === 'true';
}

function invalid(detail: string): Problem {
  return new Problem(400, 'invalid_query', detail);
}
