/**
 * Calls to an object that carry many tasks or commands travel as one text of JSON. The platform copies what a call carries member by
 * member, and for some hundred small objects that takes several times as long as writing and reading the text.
 */
import type { TaskCommand } from '@errand/core/command';
import type { TaskId } from '@errand/core/id';
import type { LedgerObject } from '@errand/core/ledger-object';
import { MAX_CALL_BYTES } from '../../call-size.ts';

const TEXT_METHODS = ['execute', 'submit', 'read'] as const;
export type TextMethod = (typeof TEXT_METHODS)[number];

/** An object that takes such calls. */
export interface TextCalls {
  /** `items` and the answer are the method's own, as JSON. */
  callInText(method: TextMethod, items: string): Promise<string>;
}

export function isTextMethod(member: string | symbol): member is TextMethod {
  return (TEXT_METHODS as readonly (string | symbol)[]).includes(member);
}

/** Answers such a call. */
export async function answerInText(ledger: LedgerObject, method: TextMethod, items: string): Promise<string> {
  if (method === 'read') return readInText(ledger, JSON.parse(items) as TaskId[]);
  return JSON.stringify(await ledger[method](JSON.parse(items) as TaskCommand[]));
}

/** Reads until the answer is long enough: a task may weigh some megabytes, and a call stops at 32 MiB. */
async function readInText(ledger: LedgerObject, ids: readonly TaskId[]): Promise<string> {
  const texts: string[] = [];
  let length = 0;
  for (const id of ids) {
    const text = JSON.stringify((await ledger.read([id]))[0] ?? null);
    texts.push(text);
    length += text.length;
    if (length > MAX_CALL_BYTES) break;
  }
  return `[${texts.join(',')}]`;
}
