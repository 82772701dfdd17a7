/** Cursors of lists: the position where the next page begins, under a MAC, so that callers can neither change nor invent one. */
import { createHmac } from 'node:crypto';
import { Problem } from './problem.ts';

const MAC_LENGTH = 22;

/** Writes a cursor. `about` binds it to one list of one namespace. */
export function writeCursor(key: Uint8Array, about: string, position: string): string {
  return `${btoa(position).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_')}.${mac(key, about, position)}`;
}

/** The position in a cursor; `null` where the request has none. Throws a 400 for a cursor that was not written for this list. */
export function readCursor(key: Uint8Array, about: string, cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const position = decode(cursor.slice(0, Math.max(0, cursor.indexOf('.'))));
  if (position === undefined || writeCursor(key, about, position) !== cursor)
    throw new Problem(400, 'invalid_cursor', 'This cursor is not one of this list. Start again without it.');
  return position;
}

function decode(text: string): string | undefined {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return undefined;
  }
}

function mac(key: Uint8Array, about: string, position: string): string {
  return createHmac('sha256', key).update(`${about}\n${position}`).digest('base64url').slice(0, MAC_LENGTH);
}
