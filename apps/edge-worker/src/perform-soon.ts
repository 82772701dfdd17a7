/**
 * Performs begun tasks for a ledger that waits for the answer: most tasks end at once, and then their reports travel back with
 * the call that brought them, instead of in calls of their own.
 */
import type { Assignment } from '@errand/core/assignment';
import { commandBytes, MAX_CALL_BYTES } from './call-size.ts';
import { performBegun, type PerformDeps } from './perform.ts';
import { reportAll, type Reports } from './report.ts';

/** The call is answered after this at the latest. What still runs then reports by itself. */
const ANSWER_WITHIN_MS = 5;

/** Resolves with the reports of the tasks that ended soon. The others go on under `keepAlive`. */
export function performSoon(
  object: string,
  assignments: readonly Assignment[],
  deps: PerformDeps,
  keepAlive: (work: Promise<void>) => void,
): Promise<Reports> {
  const { promise, resolve } = Promise.withResolvers<Reports>();
  let bytes = 0;
  let answer: Reports[] | undefined = [];
  const close = (): void => {
    clearTimeout(timer);
    if (answer !== undefined)
      resolve({ notes: answer.flatMap(({ notes }) => notes), commands: answer.flatMap(({ commands }) => commands) });
    answer = undefined;
  };
  const timer = setTimeout(close, ANSWER_WITHIN_MS);
  const report = async (reports: Reports): Promise<void> => {
    bytes += reports.commands.reduce((sum, { command }) => sum + commandBytes(command), 0);
    if (answer === undefined || bytes > MAX_CALL_BYTES) await reportAll(() => deps.ledger(object), reports);
    else answer.push(reports);
  };
  keepAlive(performBegun(object, assignments, deps, report).finally(close));
  return promise;
}
