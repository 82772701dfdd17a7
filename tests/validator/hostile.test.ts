import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { HOSTILE_CASES } from './hostile/hostile-cases.ts';
import { MAX_CASE_MS, type HostileResult } from './hostile/run-hostile.ts';

/** Memory of the thread: all of the engine and one document. */
const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 };

interface Outcome {
  readonly results: ReadonlyMap<string, HostileResult>;
  /** What ended the thread, if anything did. */
  readonly end: string;
}

function runAll(): Promise<Outcome> {
  const worker = new Worker(new URL('hostile/hostile-thread.ts', import.meta.url), { resourceLimits: LIMITS });
  const results = new Map<string, HostileResult>();
  let last = '';
  worker.on('message', (message: HostileResult | { readonly starts: string }) => {
    if ('starts' in message) last = message.starts;
    else results.set(message.name, message);
  });
  return new Promise((resolve) => {
    worker.on('error', (error) => resolve({ results, end: `${String(error)} in "${last}"` }));
    worker.on('exit', () => resolve({ results, end: '' }));
  });
}

describe(`${HOSTILE_CASES.length} hostile schemas and documents`, () => {
  it(`are each answered or refused within ${MAX_CASE_MS} ms and 64 MB`, { timeout: 120_000 }, async () => {
    const { results, end } = await runAll();
    expect(end).toBe('');
    expect([...results.values()].filter(({ complaint }) => complaint !== null)).toEqual([]);
    expect(results.size).toBe(HOSTILE_CASES.length);
  });

  it('have names of their own', () => {
    expect(HOSTILE_CASES.length).toBeGreaterThanOrEqual(60);
    expect(new Set(HOSTILE_CASES.map(({ name }) => name)).size).toBe(HOSTILE_CASES.length);
  });
});
