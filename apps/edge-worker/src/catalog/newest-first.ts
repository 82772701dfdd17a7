/** Lists of the catalog go newest first, and by name or id within a millisecond. */
import { and, desc, eq, gt, lt, or, type SQL } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';

/** What such a list is ordered by. */
export function newestFirst(createdAt: SQLiteColumn, name: SQLiteColumn): [SQL, SQLiteColumn] {
  return [desc(createdAt), name];
}

/** Rows after a position of such a list. */
export function afterPosition(createdAt: SQLiteColumn, name: SQLiteColumn, at: { createdAt: number; name: string }): SQL | undefined {
  return or(lt(createdAt, at.createdAt), and(eq(createdAt, at.createdAt), gt(name, at.name)));
}

/** A position as it is written in a cursor. */
export function readPosition(position: string): { createdAt: number; name: string } {
  const [createdAt, name = ''] = position.split(' ');
  return { createdAt: Number(createdAt), name };
}
