/**
 * Submits many tasks at once: each is read by itself and answered by itself, and those that go to one object travel together.
 * A task that is refused, or an object that does not answer, costs its neighbours nothing.
 */
import { isJsonObject, type JsonObject } from '@errand/core/json';
import type { SubmitResult } from '@errand/core/ledger-object';
import { isIdempotencyKey } from './idempotency-key.ts';
import { splitIntoCalls } from '../call-size.ts';
import { isAboutContent, tasksMadeBefore, type KeyedBody } from './known-keys.ts';
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
  const keyed: (KeyedBody & { readonly index: number })[] = [];
  const submissions = await inTurns(submitter, entries, async ({ task }, index) => {
    let read: ReadEntry | undefined;
    try {
      read = readEntry(task);
      return await readSubmission(remembering, read.body, read.key);
    } catch (fault) {
      refuse(index, fault);
      if (read?.key !== undefined && isAboutContent(fault)) keyed.push({ key: read.key, body: read.body, index });
      return undefined;
    }
  });
  try {
    const made = await tasksMadeBefore(submitter, keyed);
    keyed.forEach(({ index }, i) => {
      const task = made[i]?.task;
      if (task !== undefined) answers[index] = acceptance({ ok: true, id: task.id, status: task.status, replayed: true });
    });
  } catch (fault) {
    for (const { index } of keyed) refuse(index, fault);
  }
  const ready = await reserveKeys(service, submissions, refuse);
  await Promise.all(
    callsOf(ready).map(async ({ object, group }) => {
      try {
        const results = await service.objects.get(object).submit(group.map(({ submission }) => submission.command));
        group.forEach(({ index }, i) => {
          const result = results[i];
          if (result?.ok === true) answers[index] = acceptance(result);
          else refuse(index, result === undefined ? new Error('A ledger gave no answer.') : problemOf(result.rejection));
        });
      } catch (fault) {
        for (const { index } of group) refuse(index, fault);
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

/** What an entry says, before it is judged. */
interface ReadEntry {
  readonly body: JsonObject;
  readonly key: string | undefined;
}

function readEntry(task: TaskText | Problem): ReadEntry {
  if (task instanceof Problem) throw task;
  const { text, isTooDeep } = task;
  if (text.length > MAX_TASK_BYTES || (text.length * 3 > MAX_TASK_BYTES && new TextEncoder().encode(text).length > MAX_TASK_BYTES))
    throw tooLarge(MAX_TASK_BYTES);
  if (isTooDeep) throw tooDeep();
  const value = parseJson(text);
  if (!isJsonObject(value)) throw refused('#', 'must be an object');
  const { idempotencyKey, ...body } = value;
  if (idempotencyKey === undefined) return { body: body as JsonObject, key: undefined };
  if (typeof idempotencyKey !== 'string' || !isIdempotencyKey(idempotencyKey))
    throw refused('#/idempotencyKey', 'must be a text of 1 to 255 printable ASCII characters');
  return { body: body as JsonObject, key: idempotencyKey };
}

function refused(pointer: string, detail: string): Problem {
  return new Problem(422, 'input_invalid', 'The task was not accepted. Nothing was stored.', { errors: [{ pointer, detail }] });
}

/** A submission, and where its answer goes. */
interface IndexedSubmission {
  readonly submission: Submission;
  readonly index: number;
}

/** The calls that a batch comes to: as few as the bounds of a call allow, the tasks of each object in their order. */
function callsOf(
  submissions: readonly (Submission | undefined)[],
): { readonly object: string; readonly group: readonly IndexedSubmission[] }[] {
  const all = submissions.flatMap((submission, index): IndexedSubmission[] => (submission === undefined ? [] : [{ submission, index }]));
  const byObject = Map.groupBy(all, ({ submission }) => submission.object);
  return [...byObject].flatMap(([object, group]) =>
    splitIntoCalls(group, ({ submission }) => submission.command.command).map((call) => ({ object, group: call })),
  );
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
