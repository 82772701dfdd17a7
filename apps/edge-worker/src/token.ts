/**
 * Tokens that name one attempt: whoever holds one may report that attempt's result, and nothing else. A token carries its
 * task's address under a MAC, so that it is found without a look-up and cannot be made up.
 */
import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { parseTaskId, type TaskId } from '@errand/core/id';

/** A remote worker's lease of a begun attempt, or the one-time right to finish a waiting one. */
export type TokenKind = 'lease' | 'callback';

/** What a genuine token says. */
export interface AttemptToken {
  readonly namespace: string;
  readonly taskId: TaskId;
  readonly fence: number;
}

const MAC_LENGTH = 22;

/** Mints the token of an attempt: `lease_…` or `callback_…`. */
export function mintToken(key: Uint8Array, kind: TokenKind, { namespace, taskId, fence }: AttemptToken): string {
  const body = `${kind}_${taskId.slice('task_'.length)}_${fence}_${Buffer.from(namespace).toString('hex')}`;
  return `${body}_${mac(key, body)}`;
}

/** Reads a token, or `undefined` for one that this service did not mint. */
export function readToken(key: Uint8Array, kind: TokenKind, token: string): AttemptToken | undefined {
  const match = /^(lease|callback)_([0-9a-z]{26})_(\d{1,9})_((?:[0-9a-f]{2}){1,64})_([\w-]{22})$/.exec(token);
  if (match === null || match[1] !== kind) return undefined;
  const expected = mac(key, token.slice(0, -MAC_LENGTH - 1));
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(token.slice(-MAC_LENGTH)))) return undefined;
  const taskId = `task_${match[2] ?? ''}`;
  if (parseTaskId(taskId) === undefined) return undefined;
  return { taskId: taskId as TaskId, fence: Number(match[3]), namespace: Buffer.from(match[4] ?? '', 'hex').toString() };
}

function mac(key: Uint8Array, body: string): string {
  return createHmac('sha256', key).update(body).digest('base64url').slice(0, MAC_LENGTH);
}
