/** A broken promise, by its number in the list of promises (ARCHITECTURE.md): what a simulation looks for. */
export class Violation extends Error {
  readonly promise: string;

  constructor(promise: string, detail: string) {
    super(`promise ${promise}: ${detail}`);
    this.promise = promise;
  }
}

/** Reports a broken promise. */
export function violate(promise: string, detail: string): never {
  throw new Violation(promise, detail);
}
