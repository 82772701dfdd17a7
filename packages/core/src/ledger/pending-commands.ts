/** Commands that wait for a commit, in the order they came. */
import type { TaskCommand } from '../command.ts';
import type { CommandResult } from '../ports.ts';

/** Commands in one transaction; more would keep their callers waiting for each other. */
const MAX_GROUP = 256;
/** Commands that may wait, a few seconds' worth. Beyond it submits are refused. */
const MAX_WAITING = 8_192;

/** The commands of one caller: decided in order, answered together. */
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

  /** The callers of the next transaction: at least one, and no more than a transaction takes. */
  takeGroup(): Pending[] {
    let commands = 0;
    let count = 0;
    for (const { commands: more } of this.#callers) {
      if (count > 0 && commands + more.length > MAX_GROUP) break;
      commands += more.length;
      count += 1;
    }
    this.#waiting -= commands;
    return this.#callers.splice(0, count);
  }
}
