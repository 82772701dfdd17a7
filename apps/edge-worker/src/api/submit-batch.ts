/**
 * Submits many tasks at once: each is read by itself and answered by itself, and those that go to one object travel together.
 * A task that is refused, or an object that does not answer, costs its neighbours nothing.
 */
import type { TaskCommand } from '@errand/core/command';
import { isJsonObject, type JsonObject } from '@errand/core/json';
import type { SubmitResult } from '@errand/core/ledger-object';
import { isIdempotencyKey } from './idempotency-key.ts';
import { commandBytes, MAX_CALL_BYTES, MAX_CALL_COMMANDS } from '../call-size.ts';
import { reserveKeys } from './place-task.ts';
import { Problem, problemBody, problemOf, problemOfFault, type FieldError } from './problem.ts';
import { MAX_TASK_BYTES, parseJson, tooDeep, tooLarge } from './read-body.ts';
import type { Types } from './service.ts';
import type { TaskText } from './split-tasks.ts';
import { readSubmission, type Submission, type Submitter } from './submit.ts';

/** Entries read in one go. Each costs half of what a request does. */
const ENTRIES_A_TURN = 16;

/** One task of a batch, and where it stands in the request: `#/tasks/3`, or `#` for a line. */
export interface BatchEntry {
  readonly pointer: string;
  readonly task: TaskText | Problem;
}

export type BatchAnswer =
  | { readonly status: number; readonly task: { readonly id: string; readonly status: string } }
  | { readonly status: number; readonly problem: Record<string, unknown> };

/** Answers in the order of the entries. Never throws: a fault is the answer of those whom it befell. */
export async function submitBatch(submitter: Submitter, entries: readonly BatchEntry[], traceId: string): Promise<BatchAnswer[]> {
  const { service } = submitter;
  const remembering: Submitter = { ...submitter, service: { ...service, types: rememberTypes(service.types) } };
  const answers: BatchAnswer[] = [];
  const refuse = (index: number, fault: unknown): void => {
    answers[index] = refusal(fault, entries[index]?.pointer ?? '#', traceId);
  };
  const submissions = await inTurns(submitter, entries, async ({ task }, i) => {
    try {
      return await readEntry(remembering, task);
    } catch (fault) {
      refuse(i, fault);
      return undefined;
    }
  });
  const ready = await reserveKeys(service, submissions, refuse);
  await Promise.all(
    callsOf(ready).map(async ({ object, commands, indexes }) => {
      try {
        const results = await service.objects.get(object).submit(commands);
        indexes.forEach((index, i) => {
          const result = results[i];
          if (result?.ok === true) answers[index] = acceptance(result);
          else refuse(index, result === undefined ? new Error('A ledger gave no answer.') : problemOf(result.rejection));
        });
      } catch (fault) {
        for (const index of indexes) refuse(index, fault);
      }
    }),
  );
  return answers;
}

/** Reads a few entries at a time, each few in a turn of their own: a long batch must not keep other namespaces waiting. */
async function inTurns<T>(
  { service, namespace }: Submitter,
  entries: readonly BatchEntry[],
  read: (entry: BatchEntry, index: number) => Promise<T>,
): Promise<T[]> {
  const all: T[] = [];
  for (let from = 0; from < entries.length; from += ENTRIES_A_TURN) {
    if (from > 0) await service.turn?.(namespace.name, ENTRIES_A_TURN / 2);
    const few = entries.slice(from, from + ENTRIES_A_TURN);
    all.push(...(await Promise.all(few.map((entry, i) => read(entry, from + i)))));
  }
  return all;
}

function readEntry(submitter: Submitter, task: TaskText | Problem): Promise<Submission> {
  if (task instanceof Problem) throw task;
  const { text, isTooDeep } = task;
  if (text.length > MAX_TASK_BYTES || (text.length * 3 > MAX_TASK_BYTES && new TextEncoder().encode(text).length > MAX_TASK_BYTES))
    throw tooLarge(MAX_TASK_BYTES);
  if (isTooDeep) throw tooDeep();
  const value = parseJson(text);
  if (!isJsonObject(value)) throw refused('#', 'must be an object');
  const { idempotencyKey, ...body } = value;
  if (idempotencyKey === undefined) return readSubmission(submitter, body as JsonObject, undefined);
  if (typeof idempotencyKey !== 'string' || !isIdempotencyKey(idempotencyKey))
    throw refused('#/idempotencyKey', 'must be a text of 1 to 255 printable ASCII characters');
  return readSubmission(submitter, body as JsonObject, idempotencyKey);
}

function refused(pointer: string, detail: string): Problem {
  return new Problem(422, 'input_invalid', 'The task was not accepted. Nothing was stored.', { errors: [{ pointer, detail }] });
}

interface GroupedCall {
  readonly object: string;
  readonly commands: TaskCommand[];
  /** Where each command's answer goes. */
  readonly indexes: number[];
}

/** As few calls as the bounds allow, the commands of each object in their order. */
function callsOf(submissions: readonly (Submission | undefined)[]): GroupedCall[] {
  const calls: GroupedCall[] = [];
  const open = new Map<string, { call: GroupedCall; bytes: number }>();
  for (const [index, submission] of submissions.entries()) {
    if (submission === undefined) continue;
    const { object, command } = submission;
    const bytes = commandBytes(command.command);
    let current = open.get(object);
    if (current === undefined || current.call.commands.length >= MAX_CALL_COMMANDS || current.bytes + bytes > MAX_CALL_BYTES) {
      current = { call: { object, commands: [], indexes: [] }, bytes: 0 };
      open.set(object, current);
      calls.push(current.call);
    }
    current.bytes += bytes;
    current.call.commands.push(command);
    current.call.indexes.push(index);
  }
  return calls;
}

function acceptance({ id, status, replayed }: Extract<SubmitResult, { ok: true }>): BatchAnswer {
  return { status: replayed === true ? 200 : 201, task: { id, status } };
}

function refusal(fault: unknown, pointer: string, traceId: string): BatchAnswer {
  const { status, code, message, options } = problemOfFault(fault, traceId);
  const errors = options.errors?.map((error): FieldError => ({ ...error, pointer: `${pointer}${error.pointer.slice(1)}` }));
  return {
    status,
    problem: problemBody(new Problem(status, code, message, { ...options, ...(errors === undefined ? {} : { errors }) }), traceId),
  };
}

/** Looks every type up once, however many tasks of the batch are of it. */
function rememberTypes(types: Types): Types {
  const found = new Map<string, ReturnType<Types['find']>>();
  return {
    ...types,
    find(namespace, name, version) {
      const key = `${name}@${version ?? ''}`;
      const known = found.get(key) ?? types.find(namespace, name, version);
      found.set(key, known);
      return known;
    },
  };
}
