/** Counts how often a target waits for the disk, by `strace` where it exists and may look. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { startChild } from './child.ts';
import { treesOf } from './process-tree.ts';

const STRACE = '/usr/bin/strace';
const ATTACHED_WITHIN_MS = 5_000;

/** How often `pids` and their children ask for data to be on the disk while `work` runs; `undefined` where nobody can tell. */
export async function countFsyncs(pids: readonly number[], work: () => Promise<void>): Promise<number | undefined> {
  if (!existsSync(STRACE)) return undefined;
  const report = join(tmpdir(), `errand-bench-${process.pid}.strace`);
  const trees = treesOf(pids);
  const attached = trees.flatMap((pid) => ['-p', String(pid)]);
  const strace = startChild(STRACE, ['-f', '-c', '-e', 'trace=fsync,fdatasync,sync_file_range', '-o', report, ...attached]);
  try {
    await strace.says(/attached/, ATTACHED_WITHIN_MS);
    await work();
  } catch (fault) {
    if (strace.gone() !== undefined) return undefined;
    throw fault;
  } finally {
    await strace.stop('SIGINT');
  }
  const text = existsSync(report) ? readFileSync(report, 'utf8') : '';
  rmSync(report, { force: true });
  // % time, seconds, usecs/call, calls, errors (where there are any), syscall
  return [...text.matchAll(/^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(?:fsync|fdatasync|sync_file_range)$/gm)].reduce(
    (sum, [, calls]) => sum + Number(calls),
    0,
  );
}
