/** What a process and all its children have used, by the kernel's accounting (`/proc`, Linux). */
import { readFileSync } from 'node:fs';

export interface Usage {
  /** Time on a core, user and system, ms. */
  readonly cpuMs: number;
  /** Resident memory now, MB. Pages that processes share count for each. */
  readonly rssMb: number;
}

/** The kernel counts in ticks of 1/100 s on every Linux that Node supports. */
const MS_PER_TICK = 10;
const PAGE_BYTES = 4_096;

/** The use of `pid` and its descendants that are alive. */
export function usageOf(pid: number): Usage {
  let cpuMs = 0;
  let rssMb = 0;
  for (const one of treeOf(pid)) {
    // The second field is the command in parentheses and may hold spaces; the ones after it are counted from 3.
    const fields = readFileSync(`/proc/${one}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    cpuMs += (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
    rssMb += (Number(fields[21]) * PAGE_BYTES) / 1_048_576;
  }
  return { cpuMs, rssMb };
}

function treeOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number);
  return [pid, ...children.flatMap(treeOf)];
}
