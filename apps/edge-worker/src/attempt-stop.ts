/**
 * The stop of one attempt: asked for once, and heard by whoever performs it. Its `AbortSignal` is made when somebody looks at it:
 * most handlers return at once and never do, and to make one and listen to it costs a twentieth of a task.
 */
export class AttemptStop {
  #reason: Error | undefined;
  #controller: AbortController | undefined;
  readonly #listeners: ((reason: Error) => void)[] = [];

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Calls `listener` when the stop is asked for, at once where it was already. */
  whenRequested(listener: (reason: Error) => void): void {
    if (this.#reason === undefined) this.#listeners.push(listener);
    else listener(this.#reason);
  }

  /** Asks for the stop. The first reason holds. */
  request(reason: Error): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
    for (const listener of this.#listeners) listener(reason);
  }
}
