/**
 * What a worker performs right now, so that a stop on one machine can wait for it: the process around workerd asks by HTTP, at an
 * entrypoint that a socket of its own leads to. On Cloudflare there is no such socket, and nobody asks.
 */

/** How often it is looked whether all is done: a promise of one request must not be awaited in another. */
const LOOK_EVERY_MS = 20;

class WorkAtHand {
  #running = 0;
  #isClosed = false;

  /** Nothing new is begun: what is handed over is sent again by its ledger, to whoever serves then. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Counts `work` until it has ended. */
  async track(work: Promise<void>): Promise<void> {
    this.#running += 1;
    try {
      await work;
    } finally {
      this.#running -= 1;
    }
  }

  /** Begins nothing more, and resolves once all is done, or after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#isClosed = true;
    for (let waitedMs = 0; this.#running > 0 && waitedMs < graceMs; waitedMs += LOOK_EVERY_MS)
      await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
  }
}

/** That of this isolate: a worker and its objects share it on one machine. */
export const atHand = new WorkAtHand();
