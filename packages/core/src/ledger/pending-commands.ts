/** Commands that wait for a commit: submits in the order they came, and so the others. */
import type { TaskCommand } from '../command.ts';
import type { CommandResult } from '../ledger-object.ts';

/** Commands in one transaction; more would keep their callers waiting for each other. */
export const MAX_GROUP = 256;
/** Commands that stay together. A caller with more has them decided in parts, in order, so that a small group can be made of them. */
const MAX_PART = 32;
/** Commands that may wait, a few seconds' worth. Beyond it submits are refused. */
const MAX_WAITING = 8_192;

/** The commands of one caller, or a part of them: decided in order, answered together. */
export interface Pending {
  readonly commands: readonly TaskCommand[];
  /** Its caller has more than these: what cannot be stored must not fail the others. */
  readonly isPart?: boolean;
  readonly resolve: (results: CommandResult[]) => void;
  readonly reject: (fault: unknown) => void;
}

export class PendingCommands {
  readonly #submits: Pending[] = [];
  /** Whatever is no submit: most of it ends work, and makes room for what is new. */
  readonly #others: Pending[] = [];
  #othersFirst = true;
  #waiting = 0;

  get isEmpty(): boolean {
    return this.#submits.length === 0 && this.#others.length === 0;
  }

  get isFull(): boolean {
    return this.#waiting >= MAX_WAITING;
  }

  /** Puts commands of one caller in line, and resolves with their results. */
  ask(commands: readonly TaskCommand[]): Promise<CommandResult[]> {
    const parts = partsOf(commands);
    const isPart = parts.length > 1;
    const results = parts.map(
      (part) => new Promise<CommandResult[]>((resolve, reject) => this.push({ commands: part, isPart, resolve, reject })),
    );
    const [only] = results;
    return only !== undefined && !isPart ? only : Promise.all(results).then((all) => all.flat());
  }

  push(pending: Pending): void {
    const line = pending.commands.some(({ command }) => command.type === 'submit') ? this.#submits : this.#others;
    line.push(pending);
    this.#waiting += pending.commands.length;
  }

  /**
   * The callers of the next transaction: at least one, and no more than have `most` commands together. The two lines are first in turn: in
   * the order of arrival a burst of submits would fill every place at work before the first report frees one, and what waits in the
   * tables for a place costs half as much again.
   */
  takeGroup(most: number): Pending[] {
    const lines = this.#othersFirst ? [this.#others, this.#submits] : [this.#submits, this.#others];
    this.#othersFirst = !this.#othersFirst;
    const group: Pending[] = [];
    let commands = 0;
    for (const line of lines) {
      let count = 0;
      for (const pending of line) {
        if (group.length > 0 && commands + pending.commands.length > most) break;
        commands += pending.commands.length;
        count += 1;
        group.push(pending);
      }
      line.splice(0, count);
    }
    this.#waiting -= commands;
    return group;
  }
}

/** Commands in parts of a bounded size. */
export function partsOf(commands: readonly TaskCommand[]): (readonly TaskCommand[])[] {
  if (commands.length <= MAX_PART) return [commands];
  const parts: TaskCommand[][] = [];
  for (let i = 0; i < commands.length; i += MAX_PART) parts.push(commands.slice(i, i + MAX_PART));
  return parts;
}
