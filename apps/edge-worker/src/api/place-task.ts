/** Gives submissions to the objects that will keep their tasks. */
import type { Reservation } from '@errand/core/ledger-object';
import type { TaskId } from '@errand/core/id';
import type { Task } from '@errand/core/task';
import { problemOf } from './problem.ts';
import type { Service } from './service.ts';
import type { Submission } from './submit.ts';

/** Keys reserved in one call, as many as commands share one. */
const MAX_RESERVATIONS = 256;

export interface Placed {
  readonly object: string;
  readonly task: Task;
  /** The idempotency key was known: this is the task it made then, as it is now. */
  readonly replayed: boolean;
}

/** Submits; a rejection becomes its problem. */
export async function placeTask(service: Service, submission: Submission): Promise<Placed> {
  const { object, command } = submission.keyHome === undefined ? submission : await reserved(service, submission);
  const [result] = await service.objects.get(object).execute([command]);
  if (result === undefined) throw new Error('A ledger gave no answer.');
  if (!result.ok) throw problemOf(result.rejection);
  return { object, task: result.task, replayed: result.replayed === true };
}

async function reserved(service: Service, submission: Submission): Promise<Submission> {
  const [ready] = await reserveKeys(service, [submission], (_index, fault) => {
    throw fault;
  });
  return ready ?? submission;
}

/**
 * The submissions once their keys are reserved where keys live: each under the id that its key already names, if it names one.
 * Then the task's object inserts by id if absent, so a retry that repeats both steps makes one task, wherever the first try
 * broke off. Most tasks live with their keys and are given back as they came. What is refused is left out.
 */
export async function reserveKeys(
  service: Service,
  submissions: readonly (Submission | undefined)[],
  refuse: (index: number, fault: unknown) => void,
): Promise<(Submission | undefined)[]> {
  const ready = [...submissions];
  await Promise.all(
    callsOf(submissions).map(async ({ home, indexes, reservations }) => {
      const answers = await service.objects
        .get(home)
        .reserve(reservations)
        .catch((fault: unknown) => fault);
      indexes.forEach((index, i) => {
        const answer = Array.isArray(answers) ? answers[i] : undefined;
        const submission = ready[index];
        ready[index] = answer?.ok === true && submission !== undefined ? underId(submission, answer.taskId) : undefined;
        if (answer?.ok !== true) refuse(index, answer === undefined ? answers : problemOf(answer.rejection));
      });
    }),
  );
  return ready;
}

interface ReserveCall {
  readonly home: string;
  readonly indexes: number[];
  readonly reservations: Reservation[];
}

function callsOf(submissions: readonly (Submission | undefined)[]): ReserveCall[] {
  const calls: ReserveCall[] = [];
  for (const [index, submission] of submissions.entries()) {
    const { keyHome, command: { taskId, idempotency } = {} } = submission ?? {};
    if (keyHome === undefined || taskId === undefined || idempotency === undefined) continue;
    let call = calls.find(({ home, indexes }) => home === keyHome && indexes.length < MAX_RESERVATIONS);
    if (call === undefined) calls.push((call = { home: keyHome, indexes: [], reservations: [] }));
    call.indexes.push(index);
    call.reservations.push({ ...idempotency, taskId });
  }
  return calls;
}

function underId({ object, command: { command } }: Submission, taskId: TaskId): Submission {
  if (command.type !== 'submit') throw new Error('A submission submits.');
  return { object, command: { taskId, reserved: true, command: { ...command, spec: { ...command.spec, id: taskId } } } };
}
