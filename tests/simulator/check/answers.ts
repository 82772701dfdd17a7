/** Holds every answer that left an object against what is stored: who was told what, and whether it is so. */
import type { TaskCommand } from '@errand/core/command';
import type { TaskId } from '@errand/core/id';
import type { CommandResult } from '@errand/core/ledger-object';
import type { Task } from '@errand/core/task';
import type { Known } from './checker.ts';
import type { Evidence } from './evidence.ts';
import { violate } from './violation.ts';

/** A call of commands, as it reached an object. */
export interface Asked {
  readonly commands: readonly TaskCommand[];
  readonly at: number;
  readonly injuries: number;
}

interface Answer {
  readonly command: TaskCommand;
  readonly at: number;
  readonly result: CommandResult;
}

/** Within this an idempotency key is remembered; a margin less, for the clock moves while a call is under way. */
const KEY_LIFE_MS = 86_400_000 - 120_000;

export class Answers {
  readonly #known: (id: TaskId) => Known | undefined;
  readonly #isSwept: (id: TaskId) => boolean;
  readonly #evidence: Evidence;
  readonly #waiting: Answer[] = [];
  /** Which task a key was answered with, and when. */
  readonly #keys = new Map<string, { readonly taskId: TaskId; readonly at: number }>();
  /** Refusals told, by task and fence: each must be in the events. */
  readonly #refusals = new Map<string, number>();
  /** Verbs that end a task once: told to one caller in a generation. */
  readonly #ended = new Map<string, string>();

  constructor(known: (id: TaskId) => Known | undefined, isSwept: (id: TaskId) => boolean, evidence: Evidence) {
    this.#known = known;
    this.#isSwept = isSwept;
    this.#evidence = evidence;
  }

  add(command: TaskCommand, at: number, result: CommandResult): void {
    this.#waiting.push({ command, at, result });
  }

  /** Checks what has left since the last time. The books have been looked at before. */
  check(): void {
    for (const answer of this.#waiting.splice(0)) {
      const { result } = answer;
      if (result.ok) this.#checkTask(answer, result.task);
      else this.#checkRejection(answer, result);
    }
  }

  #checkTask({ command, at }: Answer, task: Task): void {
    const known = this.#known(task.id);
    const there = known?.model.history[task.revision - 1];
    if (known === undefined || there === undefined)
      violate('1', `${command.command.type} was answered with revision ${task.revision} of ${task.id}, which is not stored`);
    if (there.status !== task.status)
      violate('1', `${task.id} was ${there.status} at revision ${task.revision}, and ${command.command.type} was told ${task.status}`);
    known.acknowledged = Math.max(known.acknowledged, task.revision);
    switch (command.command.type) {
      case 'submit':
        return this.#checkSubmit(command, task, at);
      case 'cancel':
        if (task.status !== 'canceled' && !(task.status === 'running' && known.model.cancelAsked.has(task.generation)))
          violate('12', `a cancel of ${task.id} was confirmed while it is ${task.status}`);
        return;
      case 'claim':
        if (there.holder !== command.command.person.id)
          violate('7', `${command.command.person.id} was told to hold ${task.id}, which ${there.holder} holds`);
        return;
      case 'complete':
      case 'fail':
        return this.#checkOnce(task, `${command.command.type} by ${command.command.person.id}`);
      case 'report':
        if (task.status === 'completed') this.#checkOnce(task, `report of ${command.command.fence}`);
        return;
      default:
        return;
    }
  }

  #checkOnce(task: Task, who: string): void {
    const key = `${task.id} ${task.generation}`;
    const before = this.#ended.get(key);
    if (before !== undefined) violate('7', `${who} and ${before} were both told to have ended ${task.id}`);
    this.#ended.set(key, who);
  }

  #checkSubmit({ taskId, idempotency }: TaskCommand, task: Task, at: number): void {
    if (idempotency === undefined) {
      if (task.id !== taskId) violate('8', `a submit without a key was answered with another task, ${task.id}`);
      return;
    }
    this.keyNames(idempotency.key, idempotency.digest, task.id, at);
  }

  /** A key was answered with a task: the one it was answered with before, and of the same body. */
  keyNames(key: string, digest: string, taskId: TaskId, at: number): void {
    if (this.#evidence.digests.get(taskId) !== digest) violate('8', `key ${key} was answered with a task of another body`);
    const before = this.#keys.get(key);
    if (before !== undefined && before.taskId !== taskId && at < before.at + KEY_LIFE_MS)
      violate('8', `key ${key} was answered with ${before.taskId} and with ${taskId}`);
    if (before === undefined || before.taskId !== taskId) this.#keys.set(key, { taskId, at });
  }

  #checkRejection({ command: { taskId, command, idempotency }, at }: Answer, { rejection }: Extract<CommandResult, { ok: false }>): void {
    const known = this.#known(taskId);
    switch (rejection.code) {
      case 'not_found':
        if (known !== undefined && known.acknowledged > 0 && command.type !== 'submit' && !this.#isSwept(taskId))
          violate('1', `${taskId} was not found, and had been acknowledged`);
        return;
      case 'lease_lost': {
        if (command.type !== 'report' || known === undefined) return;
        const key = `${taskId} ${command.fence}`;
        const told = (this.#refusals.get(key) ?? 0) + 1;
        this.#refusals.set(key, told);
        const kept = known.model.refused.filter((fence) => fence === command.fence).length;
        if (kept < told) violate('4', `${told} results of attempt ${command.fence} of ${taskId} were refused, ${kept} are kept`);
        return;
      }
      case 'idempotency_conflict': {
        const before = idempotency === undefined ? undefined : this.#keys.get(idempotency.key);
        if (before !== undefined && idempotency?.digest === this.#evidence.digests.get(before.taskId) && at < before.at + KEY_LIFE_MS)
          violate('8', `the same body under key ${idempotency?.key} was called another`);
        return;
      }
      case 'already_claimed': {
        const holder = (rejection.extra?.['holder'] as { id?: string } | undefined)?.id;
        if (known !== undefined && !known.model.history.some((one) => one.holder === holder))
          violate('7', `${holder} never held ${taskId}`);
        return;
      }
      default:
        return;
    }
  }
}
