/** The order of the catalog's lists: newest first, and by name or id within a millisecond. A position in it is a text, for cursors. */
import { and, desc, eq, gt, lt, or, type SQL } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';

/** What such a list is ordered by. */
export function newestFirst(createdAt: SQLiteColumn, name: SQLiteColumn): [SQL, SQLiteColumn] {
  return [desc(createdAt), name];
}

/** The position of a row. `createdAt` is epoch ms; `name` has no spaces. */
export function positionOf(createdAt: number, name: string): string {
  return `${createdAt} ${name}`;
}

/** The condition of rows that come after a position, as {@link positionOf} wrote it; `null` is the beginning. */
export function afterPosition(createdAt: SQLiteColumn, name: SQLiteColumn, position: string | null): SQL | undefined {
  if (position === null) return undefined;
  const [writtenAt, lastName = ''] = position.split(' ');
  const at = Number(writtenAt);
  return or(lt(createdAt, at), and(eq(createdAt, at), gt(name, lastName)));
}
