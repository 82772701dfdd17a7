/** Kill cycles: load over HTTP, SIGKILL to all processes of the service, restart, again and again; then a recount. */
import { join } from 'node:path';
import { createClient, type Client } from '@errand/client/client';
import { preparePayments } from '@errand/examples/story-payments';
import { startThirdParty } from '@errand/examples/third-party-process';
import { killTree } from './process-tree.ts';
import { startService, type RunningService } from '../service/running-service.ts';
import type { RuntimeName } from '../../apps/edge-worker/src/runtimes/runtime-command.ts';
import { CHARGE_TYPE, Load, MANUAL_TYPE } from './load.ts';
import { recount, type Recount } from './recount.ts';

export interface Summary extends Recount {
  readonly runtime: RuntimeName;
  readonly cycles: number;
  readonly seed: number;
  /** Tasks acknowledged, and requests that a kill left without an answer. */
  readonly acknowledged: number;
  readonly unanswered: number;
  readonly surprises: readonly string[];
  /** From the start of the process until tasks were accepted, of every restart. */
  readonly backMs: readonly number[];
}

/** Time between the begin of the load and the kill. */
const KILL_AFTER_MS = { least: 100, most: 600 };

/** Runs `cycles` kills on a service in `directory`. `seed` draws the load and the moments of the kills. */
export async function killCycles(runtime: RuntimeName, directory: string, cycles: number, seed: number): Promise<Summary> {
  const random = mulberry32(seed);
  const load = new Load(`chaos-${seed}`, random);
  const backMs: number[] = [];
  const psp = await startThirdParty({ dir: join(directory, 'third-party') });
  const env = { ERRAND_EGRESS_ALLOW: new URL(psp.url).host };
  let service = await startService(directory, { runtime, env });
  try {
    for (const type of [MANUAL_TYPE, CHARGE_TYPE]) await service.call('POST', '/v1/task-types', type);
    for (let cycle = 0; cycle < cycles; cycle++) {
      await preparePayments(clientOf(service), service.url, directory, psp);
      await loadAndKill(service, load, KILL_AFTER_MS.least + random() * (KILL_AFTER_MS.most - KILL_AFTER_MS.least));
      const startedAt = performance.now();
      service = await startService(directory, { runtime, env });
      backMs.push(Math.round(performance.now() - startedAt));
    }
    await preparePayments(clientOf(service), service.url, directory, psp);
    const counted = await recount(service, load, psp);
    const { unanswered, surprises } = load;
    const acknowledged = load.wanted.filter(({ id }) => id !== undefined).length;
    return { runtime, cycles, seed, acknowledged, unanswered, surprises, backMs, ...counted };
  } finally {
    await service.stop();
    await psp.stop();
  }
}

function clientOf({ url, apiKey }: RunningService): Client {
  return createClient({ url, apiKey });
}

async function loadAndKill(service: RunningService, load: Load, afterMs: number): Promise<void> {
  const stop = new AbortController();
  const working = load.run(service, stop.signal);
  await new Promise((done) => setTimeout(done, afterMs));
  killTree(service.process.pid ?? 0);
  stop.abort();
  await Promise.all([working, service.kill()]);
}

/** A small generator with good dice (Tommy Ettinger's mulberry32). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
