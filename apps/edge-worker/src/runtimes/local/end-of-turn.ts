/**
 * The end of a turn of the event loop: when all that has arrived by now is done, and sockets have been looked at. On Node and Bun that is
 * `setImmediate`. On Deno immediates go before sockets, so a chain of them keeps every request waiting. There another thread computes
 * the digest of nothing, which takes some 40 µs, and sockets are looked at until it is back; the shortest timer would take 2 ms.
 */

const NOTHING = new Uint8Array(0);
/** Digests in a row. A request needs several looks: at its connection, its head, its body, and for its answer. */
const LOOKS = 4;

/** Calls `then` at the end of this turn. */
export const atEndOfTurn: (then: () => void) => void =
  'Deno' in globalThis ? (then) => void lookAtSockets().then(then) : (then) => void setImmediate(then);

async function lookAtSockets(): Promise<void> {
  for (let looks = 0; looks < LOOKS; looks++) await crypto.subtle.digest('SHA-1', NOTHING);
}
