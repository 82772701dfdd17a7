/** Runs the hostile cases in a thread of its own, whose memory is limited: one that needs more ends it. */
import { parentPort } from 'node:worker_threads';
import { HOSTILE_CASES } from './hostile-cases.ts';
import { runHostile } from './run-hostile.ts';

/** Time on the processor: others on this machine do not count. */
function now(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/* oxlint-disable unicorn/require-post-message-target-origin -- a thread's port has no origin */
for (const each of HOSTILE_CASES) {
  // Told before, so that a case that ends the thread is known.
  parentPort?.postMessage({ starts: each.name });
  parentPort?.postMessage(runHostile(each, now));
}
