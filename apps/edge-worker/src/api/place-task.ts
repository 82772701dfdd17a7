/** Gives a submission to the object that will keep its task. */
import type { TaskId } from '@errand/core/id';
import type { Reservation } from '@errand/core/ports';
import type { Task } from '@errand/core/task';
import { Problem, problemOf } from './problem.ts';
import type { Service } from './service.ts';
import type { Submission } from './submit.ts';

export interface Placed {
  readonly object: string;
  readonly task: Task;
  /** The idempotency key was known: this is the task it made then, as it is now. */
  readonly replayed: boolean;
}

/** Submits; a rejection becomes its problem. */
export async function placeTask(service: Service, submission: Submission): Promise<Placed> {
  const { object, command } = await reserved(service, submission);
  const [result] = await service.objects.get(object).execute([command]);
  if (result === undefined) throw new Error('A ledger gave no answer.');
  if (!result.ok) throw problemOf(result.rejection);
  return { object, task: result.task, replayed: result.replayed === true };
}

/**
 * The submission once its key is reserved where keys live: under the id that the key already names, if it names one. Then the
 * task's object inserts by id if absent, so a retry that repeats both steps makes one task, wherever the first try broke off.
 */
export async function reserved(service: Service, submission: Submission): Promise<Submission> {
  const [settled] = await reserveAll(service, [submission]);
  if (settled instanceof Problem) throw settled;
  return settled ?? submission;
}

/** As {@link reserved} for many, with one call to each home of keys; a refused key is the problem of its submission alone. */
export async function reserveAll(service: Service, submissions: readonly Submission[]): Promise<(Submission | Problem)[]> {
  const settled: (Submission | Problem)[] = [...submissions];
  const homes = new Map<string, { index: number; reservation: Reservation }[]>();
  for (const [index, { keyHome, command }] of submissions.entries()) {
    if (keyHome === undefined || command.idempotency === undefined) continue;
    const reservation = { ...command.idempotency, taskId: command.taskId };
    homes.set(keyHome, [...(homes.get(keyHome) ?? []), { index, reservation }]);
  }
  await Promise.all(
    [...homes].map(async ([home, asked]) => {
      const answers = await service.objects.get(home).reserve(asked.map(({ reservation }) => reservation));
      asked.forEach(({ index }, i) => {
        const [submission, answer] = [submissions[index], answers[i]];
        if (submission === undefined || answer === undefined) throw new Error('A ledger gave no answer.');
        settled[index] = answer.ok ? renamed(submission, answer.taskId) : problemOf(answer.rejection);
      });
    }),
  );
  return settled;
}

/** The submission under the id that its key names. */
function renamed({ object, command: { command } }: Submission, taskId: TaskId): Submission {
  if (command.type !== 'submit') throw new Error('A submission submits.');
  return { object, command: { taskId, command: { ...command, spec: { ...command.spec, id: taskId } } } };
}
