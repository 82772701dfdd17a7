/** Resolves in the next turn of the event loop, where `setImmediate` is not to be had: all that has arrived by now goes first. */
export function turnOfTheLoop(): Promise<void> {
  return new Promise((done) => setTimeout(done, 0));
}
