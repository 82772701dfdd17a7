/**
 * The commands that wait for a ledger's next commit, in two lines: calls with submits, and all other calls (begins, reports, verbs of
 * people). Each line keeps the order in which its calls came, and commits take from both, so that neither line holds up the other.
 */
import type { TaskCommand } from '../command.ts';
import type { CommandResult } from '../ledger-object.ts';

/** Commands in one transaction. More would keep their callers waiting for each other. */
export const MAX_GROUP = 256;
/** Commands of one call that stay together. A larger call is decided in parts, in order, so that a commit may also be a small one. */
const MAX_PART = 32;
/** Commands that may wait: a few seconds' work. Beyond it new submits are refused. */
const MAX_WAITING = 8_192;

/** The commands of one caller, or a part of them: decided in order, answered together. */
export interface Pending {
  readonly commands: readonly TaskCommand[];
  /** These are a part of a larger call: where one cannot be stored, it alone is refused, for other parts are stored already. */
  readonly isPart?: boolean;
  readonly resolve: (results: CommandResult[]) => void;
  readonly reject: (fault: unknown) => void;
}

export class PendingCommands {
  readonly #submits: Pending[] = [];
  /** Calls without a submit. Most of them end work, and so make room for what is new. */
  readonly #others: Pending[] = [];
  #othersFirst = true;
  #waiting = 0;

  get isEmpty(): boolean {
    return this.#submits.length === 0 && this.#others.length === 0;
  }

  /** So much waits that submits are to be refused. */
  get isFull(): boolean {
    return this.#waiting >= MAX_WAITING;
  }

  /** Puts the commands of one call in line. Resolves with their results. */
  ask(commands: readonly TaskCommand[]): Promise<CommandResult[]> {
    const parts = partsOf(commands);
    const isPart = parts.length > 1;
    const results = parts.map(
      (part) => new Promise<CommandResult[]>((resolve, reject) => this.push({ commands: part, isPart, resolve, reject })),
    );
    const [only] = results;
    return only !== undefined && !isPart ? only : Promise.all(results).then((all) => all.flat());
  }

  /** Puts commands at the end of their line. */
  push(pending: Pending): void {
    const line = pending.commands.some(({ command }) => command.type === 'submit') ? this.#submits : this.#others;
    line.push(pending);
    this.#waiting += pending.commands.length;
  }

  /**
   * Takes what the next transaction decides: at least one call, and otherwise no more than `most` commands. The two lines take turns in
   * going first. Were calls taken in the order of their arrival, a burst of submits would fill every lane before the first report of
   * finished work made room, and a task that has to wait in the tables for room costs half as much again.
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

/** The commands of a call in parts of at most {@link MAX_PART}. */
export function partsOf(commands: readonly TaskCommand[]): (readonly TaskCommand[])[] {
  if (commands.length <= MAX_PART) return [commands];
  const parts: TaskCommand[][] = [];
  for (let i = 0; i < commands.length; i += MAX_PART) parts.push(commands.slice(i, i + MAX_PART));
  return parts;
}
