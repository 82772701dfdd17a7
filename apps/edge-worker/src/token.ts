/**
 * Attempt tokens: whoever holds one may report the outcome of one attempt, and nothing else. A token has the task's id and the
 * attempt's fence in it, under a MAC: it is stored nowhere, is found without a look-up, and cannot be made up.
 */
import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { parseTaskId, type TaskId } from '@errand/core/id';

/** `lease` is for the remote worker that performs an attempt, `callback` for the third party that finishes a waiting one. */
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

/** Reads a token. Returns `undefined` for one of another kind, or that was not minted under this key. */
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
