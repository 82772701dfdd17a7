/**
 * Lanes in one process: messages wait in memory, by object, and are performed side by side within bounds. Nothing is kept: the
 * ledger sends again what nobody began.
 */
import type { Assignment, LaneMessage } from '@errand/core/assignment';

/** Tasks performed at a time: of one object, so that a slow third party of one never holds back another, and of all. */
interface Bounds {
  readonly perObject: number;
  readonly total: number;
}
/** An integration task holds a connection; a task of code may be no more than a timer. */
const BOUNDS: Readonly<Record<string, Bounds>> = { integration: { perObject: 64, total: 1_024 } };
const OTHER_BOUNDS: Bounds = { perObject: 1_000, total: 10_000 };
/** Tasks that wait for one object; what comes on top is dropped, and sent again by its ledger. */
const MAX_WAITING = 2_000;

interface Line {
  readonly waiting: LaneMessage[];
  waitingTasks: number;
  running: number;
}

/** What a lane has its tasks performed by. Both resolve when every task has been reported. */
export interface LanePerformer {
  perform(message: LaneMessage): Promise<void>;
  performBegun(object: string, assignments: readonly Assignment[]): Promise<void>;
}

export class LocalLane {
  readonly #bounds: Bounds;
  readonly #performer: LanePerformer;
  /** By object, in turn: the first is the one served longest ago. */
  readonly #lines = new Map<string, Line>();
  #running = 0;
  #stopping = false;
  #quiet: (() => void) | undefined;

  constructor(lane: string, performer: LanePerformer) {
    this.#bounds = BOUNDS[lane] ?? OTHER_BOUNDS;
    this.#performer = performer;
  }

  /** How many tasks of an object could be performed at once, with nobody passed over who waits. */
  room(object: string): number {
    if (this.#stopping) return 0;
    const { perObject, total } = this.#bounds;
    const line = this.#lines.get(object);
    if (line !== undefined && line.waiting.length > 0) return 0;
    return Math.max(0, Math.min(perObject - (line?.running ?? 0), total - this.#running));
  }

  /** Performs tasks that began because there was {@link room}. */
  take(object: string, assignments: readonly Assignment[]): void {
    void this.#run(object, this.#lineOf(object), assignments.length, () => this.#performer.performBegun(object, assignments));
  }

  get running(): number {
    return this.#running;
  }

  send(messages: readonly LaneMessage[]): void {
    if (this.#stopping) return;
    for (const message of messages) {
      const line = this.#lineOf(message.object);
      if (line.waitingTasks + message.taskIds.length > MAX_WAITING) continue;
      line.waiting.push(message);
      line.waitingTasks += message.taskIds.length;
    }
    this.#fill();
  }

  /** Begins nothing more, and resolves when what has begun is done, or after `graceMs`: the rest is left to its lease. */
  stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#lines.clear();
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#quiet = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #lineOf(object: string): Line {
    const known = this.#lines.get(object);
    if (known !== undefined) return known;
    const line: Line = { waiting: [], waitingTasks: 0, running: 0 };
    this.#lines.set(object, line);
    return line;
  }

  /** Serves the objects in turn, a message each, until none can be served. */
  #fill(): void {
    for (let passedOver = 0; passedOver < this.#lines.size; passedOver++) {
      const next = this.#lines.entries().next();
      if (next.done === true) return;
      const [object, line] = next.value;
      this.#lines.delete(object);
      this.#lines.set(object, line);
      if (this.#beginNext(line)) passedOver = -1;
    }
  }

  #beginNext(line: Line): boolean {
    const [next] = line.waiting;
    if (next === undefined) return false;
    const tasks = next.taskIds.length;
    const { perObject, total } = this.#bounds;
    // A message larger than the bounds goes when nothing else does.
    if (line.running > 0 && line.running + tasks > perObject) return false;
    if (this.#running > 0 && this.#running + tasks > total) return false;
    line.waiting.shift();
    line.waitingTasks -= tasks;
    void this.#run(next.object, line, tasks, () => this.#performer.perform(next));
    return true;
  }

  async #run(object: string, line: Line, tasks: number, work: () => Promise<void>): Promise<void> {
    line.running += tasks;
    this.#running += tasks;
    try {
      await work();
    } catch (fault) {
      console.warn('a batch was not performed; its ledger sends it again', fault);
    } finally {
      line.running -= tasks;
      this.#running -= tasks;
      if (line.running === 0 && line.waiting.length === 0) this.#lines.delete(object);
      if (this.#running === 0) this.#quiet?.();
      this.#fill();
    }
  }
}
