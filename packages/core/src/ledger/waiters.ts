/** Callers that wait inside a ledger: long polls for a task's change, workers for work. Each has its own timer. */

interface Waiter {
  readonly wake: () => void;
}

export class Waiters {
  readonly #byKey = new Map<string, Set<Waiter>>();

  /** Waits under `key` until `check` gives a value, or answers `late()` after `waitMs`. */
  wait<T>(key: string, waitMs: number, check: () => { value: T } | undefined, late: () => T): Promise<T> {
    return new Promise((resolve) => {
      const finish = (value: T): void => {
        clearTimeout(timer);
        this.#remove(key, waiter);
        resolve(value);
      };
      const waiter: Waiter = {
        wake: () => {
          const found = check();
          if (found !== undefined) finish(found.value);
        },
      };
      const timer = setTimeout(() => finish(late()), waitMs);
      this.#add(key, waiter);
    });
  }

  /** Waits until one of the keys is woken, or `waitMs` have passed. */
  waitAny(keys: readonly string[], waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        for (const key of keys) this.#remove(key, waiter);
        resolve();
      };
      const waiter: Waiter = { wake: finish };
      const timer = setTimeout(finish, waitMs);
      for (const key of keys) this.#add(key, waiter);
    });
  }

  wake(key: string): void {
    for (const waiter of this.#byKey.get(key) ?? []) waiter.wake();
  }

  #add(key: string, waiter: Waiter): void {
    const waiters = this.#byKey.get(key) ?? new Set();
    waiters.add(waiter);
    this.#byKey.set(key, waiters);
  }

  #remove(key: string, waiter: Waiter): void {
    const waiters = this.#byKey.get(key);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#byKey.delete(key);
  }
}
