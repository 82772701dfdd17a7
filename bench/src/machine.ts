/** What a result was measured on, and how busy that was. */
import { cpus, loadavg, release } from 'node:os';

export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly kernel: string;
  readonly node: string;
  /** Load averages over 1, 5 and 15 minutes. */
  readonly load: readonly number[];
}

export function thisMachine(): Machine {
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    kernel: release(),
    node: process.version,
    load: loadavg(),
  };
}
