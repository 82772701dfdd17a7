/** One verb for many tasks: page after page, a few at a time, and what came of it. The service has no such verb of its own. */
import { ApiError } from '../api/client.ts';
import type { Page, Task } from '../api/shapes.ts';

/** A browser has six connections to a service, and one of them is the stream of changes. */
const AT_ONCE = 4;
const TRIES = 6;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** So many different reasons are kept to be shown. */
const MAX_REASONS = 5;

export interface BulkProgress {
  readonly done: number;
  readonly refused: number;
  /** Looked at, and not meant. */
  readonly passed: number;
  readonly reasons: ReadonlyMap<string, number>;
}

export interface Bulk {
  /** A page of the tasks that may be meant, newest first. */
  readonly read: (cursor: string) => Promise<Page<Task>>;
  readonly meant: (task: Task) => boolean;
  readonly ask: (task: Task) => Promise<unknown>;
  readonly pause: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: BulkProgress) => void;
}

/** Ends when every task was asked, or `signal` is aborted; throws where a page cannot be read. */
export async function runBulk(bulk: Bulk): Promise<BulkProgress> {
  let progress: BulkProgress = { done: 0, refused: 0, passed: 0, reasons: new Map() };
  const report = (change: Partial<BulkProgress>): void => bulk.onProgress((progress = { ...progress, ...change }));
  let cursor: string | null = '';
  while (cursor !== null && !bulk.signal.aborted) {
    const at: string = cursor;
    const page = await patiently(() => bulk.read(at), bulk);
    const meant = page.items.filter(bulk.meant);
    report({ passed: progress.passed + page.items.length - meant.length });
    const queue = meant.values();
    const work = async (): Promise<void> => {
      for (const task of queue) {
        if (bulk.signal.aborted) return;
        await patiently(() => bulk.ask(task), bulk).then(
          () => report({ done: progress.done + 1 }),
          (error: Error) => report({ refused: progress.refused + 1, reasons: counted(progress.reasons, error.message) }),
        );
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    cursor = page.nextCursor ?? null;
  }
  return progress;
}

/** Makes a call again while the service is busy or away; what it says about the task itself is final. */
async function patiently<T>(call: () => Promise<T>, { pause, signal }: Bulk): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      const { status, retryAfterSeconds } = error instanceof ApiError ? error.problem : { status: -1 };
      const passing = status === 0 || status === 429 || status >= 500;
      if (!passing || tries === TRIES || signal.aborted) throw error;
      await pause(Math.min((retryAfterSeconds ?? 0) * 1_000 || FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS));
    }
  }
}

function counted(reasons: ReadonlyMap<string, number>, reason: string): ReadonlyMap<string, number> {
  const known = reasons.has(reason) || reasons.size < MAX_REASONS ? reason : 'Something else';
  return new Map(reasons).set(known, (reasons.get(known) ?? 0) + 1);
}
