/** When remote workers last asked a ledger for work, by lane. In memory: whoever reads it is told since when it remembers. */

/** Lanes remembered; anybody may poll for a type that does not exist. */
const MAX_LANES = 1_000;

export class PollTimes {
  readonly #at = new Map<string, number>();

  saw(lanes: readonly string[], now: number): void {
    for (const lane of lanes) {
      // The lane polled longest ago stays first, and is the one forgotten.
      this.#at.delete(lane);
      this.#at.set(lane, now);
    }
    for (const oldest of this.#at.keys()) {
      if (this.#at.size <= MAX_LANES) return;
      this.#at.delete(oldest);
    }
  }

  lastAt(lane: string): number | null {
    return this.#at.get(lane) ?? null;
  }
}
