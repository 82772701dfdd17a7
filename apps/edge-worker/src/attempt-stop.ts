/**
 * The stop of one attempt: requested at most once, and heard by whoever performs it. The `AbortSignal` is made only when somebody reads
 * it, because making one and listening to it costs a twentieth of a task, and most handlers return at once and never look.
 */
import type { Stopped } from '@errand/executors/stopped';

export class AttemptStop {
  #reason: Stopped | undefined;
  #controller: AbortController | undefined;
  readonly #listeners: ((reason: Stopped) => void)[] = [];

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Calls `listener` when the stop is asked for, at once where it was already. */
  whenRequested(listener: (reason: Stopped) => void): void {
    if (this.#reason === undefined) this.#listeners.push(listener);
    else listener(this.#reason);
  }

  /** Asks for the stop. The first reason holds. */
  request(reason: Stopped): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
    for (const listener of this.#listeners) listener(reason);
  }
}
