/** Decides what people ask of manual tasks: to claim, release, complete or fail one. Every path to them ends here. */
import type { Person } from '../actor.ts';
import type { Command } from '../command.ts';
import { reject, type Rejection } from '../rejection.ts';
import { isEnded, type Task, type TaskError, type WaitingTask } from '../task.ts';
import { wrongState, type Changes } from './changes.ts';

type ManualCommand = Extract<Command, { type: 'claim' | 'release' | 'complete' | 'fail' }>;

/** Decides a manual command. The first claim wins; the loser learns who holds the task and since when. */
export function decideManual(task: Task, command: ManualCommand): Changes {
  if (task.kind !== 'manual') return reject('wrong_state', 'Only a manual task can be claimed, released, completed or failed by a person.');
  if (isEnded(task) || task.status !== 'waiting' || task.manual === undefined) return wrongState(task, command.type);
  switch (command.type) {
    case 'claim':
      return claim(task, command.person);
    case 'release':
      return command.asAdmin === true && task.manual.holder !== undefined
        ? [{ type: 'task.released' }]
        : (notHolder(task, command.person) ?? [{ type: 'task.released' }]);
    case 'complete':
      return notHolder(task, command.person) ?? [{ type: 'task.completed', output: command.output }];
    case 'fail':
      return notHolder(task, command.person) ?? [{ type: 'task.failed', cause: 'failed', error: finalError(command) }];
  }
}

/** A person who fails a task has decided so: it is not tried again by itself. */
function finalError({ code, message, details }: Extract<ManualCommand, { type: 'fail' }>): TaskError {
  return { code, message, retryable: false, ...(details === undefined ? {} : { details }) };
}

/** Says whether a person may claim the task. A task without candidates is for everybody. */
export function isCandidate(task: Task, person: Person): boolean {
  const { users = [], groups = [] } = task.candidates ?? {};
  if (users.length === 0 && groups.length === 0) return true;
  return users.includes(person.id) || groups.some((group) => person.groups.includes(group));
}

function claim(task: WaitingTask, person: Person): Changes {
  const holder = task.manual?.holder;
  if (holder?.id === person.id) return [];
  if (!isCandidate(task, person)) return reject('not_candidate', 'You are not among the candidates of this task.');
  if (holder === undefined) return [{ type: 'task.claimed', person }];
  return reject('already_claimed', `${holder.name ?? holder.id} has claimed this task.`, {
    holder: { id: holder.id, ...(holder.name === undefined ? {} : { name: holder.name }) },
    since: new Date(task.manual?.heldSince ?? 0).toISOString(),
  });
}

/** The rejection of a person who does not hold the task; `undefined` for its holder. */
function notHolder(task: WaitingTask, person: Person): Rejection | undefined {
  const holder = task.manual?.holder;
  if (holder?.id === person.id) return undefined;
  return reject('not_holder', holder === undefined ? 'Claim the task first.' : `${holder.name ?? holder.id} holds this task, not you.`);
}
