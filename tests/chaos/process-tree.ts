/** Ends a process and all below it at once, as a power cut would: no one of them may save another. */
import { readFileSync } from 'node:fs';

/** Sends SIGKILL to `pid` and everything it started, the parents first, so that none starts another. */
export function killTree(pid: number): void {
  const children = childrenOf(pid);
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
  for (const child of children) killTree(child);
}

/** Processes that `pid` started, whichever of its threads did. */
export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
