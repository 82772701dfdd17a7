/** What processes and all their children have used, by the kernel's accounting (`/proc`, Linux). */
import { readdirSync, readFileSync } from 'node:fs';

export interface Usage {
  /** Time on a core, user and system, ms. */
  readonly cpuMs: number;
  /** The most memory that was ever resident, MB: of each process, added up. Pages that processes share count for each. */
  readonly peakRssMb: number;
  /** The memory that is resident now, MB, added up likewise. */
  readonly rssMb: number;
}

/** The kernel counts in ticks of 1/100 s on every Linux that Node supports. */
const MS_PER_TICK = 10;

/** The use of `pids` and their descendants that are alive. */
export function usageOf(pids: readonly number[]): Usage {
  let cpuMs = 0;
  let peakRssMb = 0;
  let rssMb = 0;
  for (const one of treesOf(pids)) {
    const stat = read(`/proc/${one}/stat`);
    // A process may end between being listed and being read.
    if (stat === '') continue;
    // The second field is the command in parentheses and may hold spaces; the ones after it are counted from 3.
    const fields = stat.split(') ').at(-1)?.split(' ') ?? [];
    cpuMs += (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
    const status = read(`/proc/${one}/status`);
    peakRssMb += megabytes(status, /^VmHWM:\s+(\d+) kB/m);
    rssMb += megabytes(status, /^VmRSS:\s+(\d+) kB/m);
  }
  return { cpuMs, peakRssMb, rssMb };
}

function megabytes(status: string, line: RegExp): number {
  return Number(line.exec(status)?.[1] ?? 0) / 1_024;
}

/** The processes and all below them. */
export function treesOf(pids: readonly number[]): number[] {
  return pids.flatMap((pid) => {
    const children = threadsOf(pid).flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).trim().split(/\s+/));
    return [pid, ...treesOf(children.filter(Boolean).map(Number))];
  });
}

/** A child belongs to the thread that started it. */
function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
