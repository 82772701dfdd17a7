/**
 * Lanes in one process: messages wait in memory, by object, and are performed side by side within bounds. Nothing is kept: the
 * ledger sends again what nobody began.
 */
import type { LaneMessage } from '@errand/core/ports';

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

export class LocalLane {
  readonly #bounds: Bounds;
  readonly #perform: (message: LaneMessage) => Promise<void>;
  /** By object, in turn: the first is the one served longest ago. */
  readonly #lines = new Map<string, Line>();
  #running = 0;
  #stopping = false;
  #quiet: (() => void) | undefined;

  /** `perform` resolves when every task of a message has been reported. */
  constructor(lane: string, perform: (message: LaneMessage) => Promise<void>) {
    this.#bounds = BOUNDS[lane] ?? OTHER_BOUNDS;
    this.#perform = perform;
  }

  get running(): number {
    return this.#running;
  }

  send(messages: readonly LaneMessage[]): void {
    if (this.#stopping) return;
    for (const message of messages) {
      const line = this.#lines.get(message.object) ?? { waiting: [], waitingTasks: 0, running: 0 };
      if (line.waitingTasks + message.taskIds.length > MAX_WAITING) continue;
      line.waiting.push(message);
      line.waitingTasks += message.taskIds.length;
      this.#lines.set(message.object, line);
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
    void this.#run(next, line);
    return true;
  }

  async #run(message: LaneMessage, line: Line): Promise<void> {
    const tasks = message.taskIds.length;
    line.running += tasks;
    this.#running += tasks;
    try {
      await this.#perform(message);
    } catch (fault) {
      console.warn('a batch was not performed; its ledger sends it again', fault);
    } finally {
      line.running -= tasks;
      this.#running -= tasks;
      if (line.running === 0 && line.waiting.length === 0) this.#lines.delete(message.object);
      if (this.#running === 0) this.#quiet?.();
      this.#fill();
    }
  }
}
