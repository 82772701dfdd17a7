/**
 * Performs begun tasks for a ledger that has called and waits for the answer. Most tasks end within milliseconds: their reports are the
 * answer of that call, which saves calls of their own. Tasks that take longer report by themselves later, as after a queue's message.
 *
 * Example: of tasks a, b and c, a and b end within 2 ms and c takes a minute. After 5 ms the call is answered with the reports of a
 * and b; a minute later c's report goes to the ledger in a call of its own.
 */
import type { Assignment } from '@errand/core/assignment';
import { commandBytes, MAX_CALL_BYTES } from './call-size.ts';
import { performBegun, type PerformDeps } from './perform.ts';
import { reportAll, type Reports } from './report.ts';

/** The call is answered after this at the latest, with what has ended by then. */
const ANSWER_WITHIN_MS = 5;

/** Resolves with the reports of the tasks that ended soon, as far as they fit one answer. `keepAlive` holds the process for the others. */
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
