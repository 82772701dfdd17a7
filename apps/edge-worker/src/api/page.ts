/** Pages of a list: how many items a caller wants, where the page begins, and the cursor of the next one. */
import { z } from '@hono/zod-openapi';
import { readCursor, writeCursor } from './cursor.ts';
import { Problem } from './problem.ts';
import type { Service } from './service.ts';

const MAX_LIMIT = 200;
const DEFAULT_LIMIT = 50;

/** The query of a list, for an endpoint's docs. */
export const pageQuery = z.object({ limit: z.string().optional(), cursor: z.string().optional() });

/** What a list has to say of itself. */
export interface Listing<Item> {
  /** Names the list and its namespace: a cursor of one list is refused by every other. */
  readonly about: string;
  /** At most `limit` items, in the list's order, that come after `position`; `null` is the beginning. */
  read(position: string | null, limit: number): Promise<readonly Item[]>;
  /** Where an item stands in the list's order. */
  positionOf(item: Item): string;
  /** An item as the API shows it. */
  viewOf(item: Item): unknown;
}

/** The part of a call that a page depends on. */
export interface PageCall {
  readonly service: Pick<Service, 'cursorKey'>;
  readonly query: Readonly<Record<string, string>>;
}

/** Answers with the page that a request asks for. One item more than the page has is read: it says whether there is a next page. */
export async function answerPage<Item>({ service, query }: PageCall, listing: Listing<Item>): Promise<Response> {
  const { about } = listing;
  const limit = readLimit(query);
  const found = await listing.read(readCursor(service.cursorKey, about, query['cursor']), limit + 1);
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  const nextCursor = last === undefined ? null : writeCursor(service.cursorKey, about, listing.positionOf(last));
  return Response.json({ items: items.map((item) => listing.viewOf(item)), nextCursor });
}

/** Items that a page has: 50 unless asked, at most 200. Throws a 400 for any other number. */
export function readLimit(query: Readonly<Record<string, string>>): number {
  const text = query['limit'];
  if (text === undefined) return DEFAULT_LIMIT;
  if (!/^\d{1,4}$/.test(text) || Number(text) < 1 || Number(text) > MAX_LIMIT)
    throw new Problem(400, 'invalid_query', `The parameter "limit" must be a whole number from 1 to ${MAX_LIMIT}.`);
  return Number(text);
}
