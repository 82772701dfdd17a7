/** Commands that wait for a commit, in the order they came. */
import type { TaskCommand } from '../command.ts';
import type { CommandResult } from '../ports.ts';

/** Commands in one transaction; more would keep their callers waiting for each other. */
export const MAX_GROUP = 256;
/** Commands that stay together. A caller with more has them decided in parts, in order, so that a small group can be made of them. */
const MAX_PART = 32;
/** Commands that may wait, a few seconds' worth. Beyond it submits are refused. */
const MAX_WAITING = 8_192;

/** The commands of one caller, or a part of them: decided in order, answered together. */
export interface Pending {
  readonly commands: readonly TaskCommand[];
  readonly resolve: (results: CommandResult[]) => void;
  readonly reject: (fault: unknown) => void;
}

export class PendingCommands {
  readonly #callers: Pending[] = [];
  #waiting = 0;

  get isEmpty(): boolean {
    return this.#callers.length === 0;
  }

  get isFull(): boolean {
    return this.#waiting >= MAX_WAITING;
  }

  push(pending: Pending): void {
    this.#callers.push(pending);
    this.#waiting += pending.commands.length;
  }

  /** The callers of the next transaction: at least one, and no more than have `most` commands together. */
  takeGroup(most: number): Pending[] {
    let commands = 0;
    let count = 0;
    for (const { commands: more } of this.#callers) {
      if (count > 0 && commands + more.length > most) break;
      commands += more.length;
      count += 1;
    }
    this.#waiting -= commands;
    return this.#callers.splice(0, count);
  }
}

/** Commands in parts of a bounded size. */
export function partsOf(commands: readonly TaskCommand[]): (readonly TaskCommand[])[] {
  if (commands.length <= MAX_PART) return [commands];
  const parts: TaskCommand[][] = [];
  for (let i = 0; i < commands.length; i += MAX_PART) parts.push(commands.slice(i, i + MAX_PART));
  return parts;
}
