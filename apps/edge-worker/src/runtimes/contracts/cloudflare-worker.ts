/**
 * Runs the contracts over Cloudflare's own ports: a worker that answers `/?contract=…&case=…` with the verdict,
 * and `/?transcript=…` with the transcript of a seed.
 */
import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import type { LaneMessage } from '@errand/core/assignment';
import type { Bindings } from '../cloudflare/bindings.ts';
import { consumeBatch, performEach, sendToLane, type LaneRunner } from '../cloudflare/lanes.ts';
import { eventually, verdictOf, type Verdict } from './contract.ts';
import { contractOf, portOf, type ContractName, type Ports } from './contracts.ts';
import type { LanePort } from './lane.contract.ts';
import type { ObjectsPort, ProbeFace } from './objects.contract.ts';
import { Probe } from './probe.ts';
import type { SqlPort } from './sql-storage.contract.ts';
import { transcript } from './transcript.ts';

interface TestBindings extends Pick<Bindings, 'AUTOMATED_LANE' | 'INTEGRATION_LANE'> {
  readonly PROBE: DurableObjectNamespace<ProbeObject>;
  readonly D1: D1Database;
  readonly RUNNER: LaneRunner;
}

/** A probe in a Durable Object. Cases about its storage run inside it. */
export class ProbeObject extends DurableObject<TestBindings> {
  readonly #probe: Probe;

  constructor(state: DurableObjectState, env: TestBindings) {
    super(state, env);
    this.#probe = new Probe({
      name: state.id.name ?? '',
      storage: state.storage as unknown as SqlPort,
      setAlarm: (at) => state.storage.setAlarm(at),
    });
  }

  runStorageCase(contract: ContractName, i: number): Promise<Verdict> {
    return runCase(contract, i, { storage: () => this.ctx.storage as unknown as SqlPort });
  }
  runTranscript(seed: number): Promise<string[]> {
    return transcript(this.ctx.storage as unknown as SqlPort, seed);
  }
  identity() {
    return this.#probe.identity();
  }
  put(key: string, value: string) {
    return this.#probe.put(key, value);
  }
  get(key: string) {
    return this.#probe.get(key);
  }
  overlap(waitMs: number) {
    return this.#probe.overlap(waitMs);
  }
  fail(message: string) {
    return this.#probe.fail(message);
  }
  arm(delayMs: number) {
    return this.#probe.arm(delayMs);
  }
  rearmInAlarm(delayMs: number) {
    return this.#probe.rearmInAlarm(delayMs);
  }
  failNextAlarm() {
    return this.#probe.failNextAlarm();
  }
  rings() {
    return this.#probe.rings();
  }
  async abort() {
    await this.ctx.storage.sync();
    this.ctx.abort('unloaded by a contract');
  }
  override alarm() {
    return this.#probe.alarm();
  }
}

/** What was begun, a list for each case; the last is that of the case that runs. */
const cases: LaneMessage[][] = [[]];

export class Runner extends WorkerEntrypoint<TestBindings> {
  run(messages: readonly LaneMessage[]): void {
    const begun = cases.at(-1);
    const perform = async (message: LaneMessage): Promise<void> => {
      begun?.push(message);
      if (message.taskIds.some((id) => id.startsWith('hold')))
        await eventually('a release', () => heldUntilReleased.has(message.taskIds.join()), 10_000);
      if (message.taskIds.some((id) => id.startsWith('fail'))) throw new Error('The message fails on demand.');
    };
    performEach(messages, perform, (work) => this.ctx.waitUntil(work));
  }
}

/** Held messages that were released. A promise of one request cannot be awaited in another, so it is looked for. */
const heldUntilReleased = new Set<string>();

function objectsOf(env: TestBindings): ObjectsPort {
  const prefix = `${crypto.randomUUID()} `;
  const stub = (name: string) => env.PROBE.getByName(prefix + name);
  return {
    get: (name) => stub(name) as unknown as ProbeFace,
    unload: async (name) => {
      await Promise.resolve(stub(name).abort()).catch(() => undefined);
    },
  };
}

function laneOf(env: TestBindings): LanePort {
  const begun: LaneMessage[] = [];
  cases.push(begun);
  return {
    send: (name, messages) => sendToLane(env as unknown as Bindings, name, messages),
    begun: () => begun,
    release: () => void heldUntilReleased.add('hold'),
  };
}

async function emptied(db: D1Database): Promise<D1Database> {
  await db.exec('DROP TABLE IF EXISTS t');
  return db;
}

function runCase(contract: ContractName, i: number, ports: Partial<Ports>): Promise<Verdict> {
  const one = contractOf(contract).cases[i];
  if (one === undefined) throw new Error(`There is no case ${i} of ${contract}.`);
  return verdictOf(one, () => portOf(ports as Ports, contract));
}

export default {
  async fetch(request, env) {
    const { searchParams } = new URL(request.url);
    const seed = searchParams.get('transcript');
    if (seed !== null) {
      const lines = await env.PROBE.getByName(crypto.randomUUID()).runTranscript(Number(seed));
      return Response.json({ seed: Number(seed), lines });
    }
    const contract = searchParams.get('contract') as ContractName;
    const i = Number(searchParams.get('case'));
    const fault =
      contract === 'sql-storage'
        ? await env.PROBE.getByName(crypto.randomUUID()).runStorageCase(contract, i)
        : await runCase(contract, i, { db: () => emptied(env.D1), objects: () => objectsOf(env), lane: () => laneOf(env) });
    return Response.json({ contract, i, fault: fault ?? null });
  },
  queue: (batch, env) => consumeBatch(batch, env.RUNNER),
} satisfies ExportedHandler<TestBindings, LaneMessage>;
