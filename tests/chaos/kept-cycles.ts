/**
 * What kill cycles have come to, kept in the repository in a file a runtime: runs add up. A change after which the count should
 * begin anew removes the files.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RuntimeName } from '../../apps/edge-worker/src/runtimes/runtime-command.ts';
import type { Summary } from './kill-cycles.ts';

export interface KeptCycles {
  readonly cycles: number;
  readonly acknowledged: number;
  readonly unanswered: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly wrong: readonly string[];
  readonly surprises: readonly string[];
  readonly seeds: readonly number[];
  /** Of every restart, sorted. */
  readonly backMs: readonly number[];
}

const KEPT = join(import.meta.dirname, 'kept');
const NOTHING: KeptCycles = {
  cycles: 0,
  acknowledged: 0,
  unanswered: 0,
  lost: [],
  doubled: [],
  wrong: [],
  surprises: [],
  seeds: [],
  backMs: [],
};

export function readCycles(runtime: RuntimeName): KeptCycles {
  const file = fileOf(runtime);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as KeptCycles) : NOTHING;
}

/** Adds a run to what is kept of its runtime. */
export function keepCycles({ runtime, seed, backMs, ...run }: Summary): void {
  const before = readCycles(runtime);
  const now: KeptCycles = {
    cycles: before.cycles + run.cycles,
    acknowledged: before.acknowledged + run.acknowledged,
    unanswered: before.unanswered + run.unanswered,
    lost: [...before.lost, ...run.lost],
    doubled: [...before.doubled, ...run.doubled],
    wrong: [...before.wrong, ...run.wrong],
    surprises: [...before.surprises, ...run.surprises],
    seeds: [...before.seeds, seed],
    backMs: [...before.backMs, ...backMs].toSorted((a, b) => a - b),
  };
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(fileOf(runtime), `${JSON.stringify(now)}\n`);
}

function fileOf(runtime: RuntimeName): string {
  return join(KEPT, `${runtime}.json`);
}
