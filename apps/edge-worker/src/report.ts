/** What performers say of the attempts that ended, and how a ledger hears it: in calls that it can take, and again when it could not. */
import type { TaskCommand } from '@errand/core/command';
import type { AttemptNote } from '@errand/core/assignment';
import type { CommandResult } from '@errand/core/ledger-object';
import { splitIntoCalls } from './call-size.ts';

/** Pauses before results are reported again: together shorter than a lease, longer than an object takes to come back. */
const REPORT_AGAIN_MS = [200, 1_000, 3_000] as const;

/** The ends of some attempts of one object. */
export interface Reports {
  /** Log lines and checkpoints that were not kept yet. */
  readonly notes: readonly AttemptNote[];
  readonly commands: readonly TaskCommand[];
}

/** A ledger as reports need it. */
export interface ReportedLedger {
  execute(commands: readonly TaskCommand[]): Promise<CommandResult[]>;
  note(notes: readonly AttemptNote[]): Promise<void>;
}

/**
 * Reports, and again when the object could not be reached. Never throws: what else its caller performs goes on.
 * `ledger` gives a new stub at each call, for one is broken for good once a call on it fails.
 */
export async function reportAll(ledger: () => ReportedLedger, { notes, commands }: Reports): Promise<void> {
  await againIfNeeded(async () => {
    if (notes.length > 0) await ledger().note(notes);
  });
  await Promise.all(
    splitIntoCalls(commands, ({ command }) => command).map(async (call) => {
      let left = call;
      await againIfNeeded(async () => {
        const results = await ledger().execute(left);
        left = left.filter((_, i) => isNotWritten(results[i]));
        if (left.length > 0) throw new Error(`${left.length} reports could not be stored`);
      });
    }),
  );
}

/**
 * Whether the ledger could not store what a command would have changed. That says nothing about the task or the attempt: the
 * command had no effect, and is to be sent again.
 */
export function isNotWritten(result: CommandResult | undefined): boolean {
  return result?.ok === false && result.rejection.code === 'not_written';
}

async function againIfNeeded(work: () => Promise<void>): Promise<void> {
  for (const pauseMs of [...REPORT_AGAIN_MS, undefined]) {
    try {
      return await work();
    } catch (fault) {
      if (pauseMs === undefined) console.warn('results were not reported; their attempts will be lost', fault);
      else await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
