/** Calls between callers and objects: lost on the way, doubled, delayed, or answered to nobody. */
import type { Ledger } from '@errand/core/ledger/ledger';
import type { TaskCommand } from '@errand/core/command';
import type { TaskId } from '@errand/core/id';
import type { Assignment, AttemptNote, CommandResult } from '@errand/core/ports';
import type { Task } from '@errand/core/task';
import type { Life } from './agenda.ts';
import type { ObjectHost } from './object-host.ts';
import type { World } from './world.ts';

/** An object as its callers hold it. */
export interface RemoteLedger {
  execute(commands: readonly TaskCommand[]): Promise<CommandResult[]>;
  begin(ids: readonly TaskId[], worker: string, leaseMs: number | undefined): Promise<Assignment[]>;
  poll(lanes: readonly string[], limit: number, worker: string): Promise<Assignment[]>;
  waitForWork(lanes: readonly string[], waitMs: number): Promise<void>;
  waitFor(id: TaskId, revision: number, waitMs: number): Promise<Task | null>;
  note(notes: readonly AttemptNote[]): Promise<void>;
  read(ids: readonly TaskId[]): Promise<(Task | null)[]>;
  touch(): Promise<void>;
}

/** Learns what leaves an object, whether or not it arrives. */
export interface Witness {
  /** Commands reach the object. What is given back is handed to the others. */
  asked(host: ObjectHost, commands: readonly TaskCommand[]): unknown;
  answered(host: ObjectHost, asked: unknown, results: readonly CommandResult[]): void;
  failed(host: ObjectHost, asked: unknown, fault: Error): void;
  begun(host: ObjectHost, assignments: readonly Assignment[], worker: string): void;
}

/** A caller is told of a lost call after at most this long. */
const PATIENCE_MS = 15_000;

export class Network {
  readonly #world: World;
  readonly #witness: Witness;

  constructor(world: World, witness: Witness) {
    this.#world = world;
    this.#witness = witness;
  }

  /** An object for `from`. Once a call of it met a dying object it is broken for good: callers take a new one. */
  stub(from: Life, host: ObjectHost): RemoteLedger {
    const stub = { broken: false };
    const witness = this.#witness;
    const call = <T>(what: string, gate: 'gated' | 'open', work: (ledger: Ledger) => Promise<T>): Promise<T> =>
      this.#call({ from, host, stub, what, gate, work });
    return {
      execute: (commands) =>
        call(commands.map(({ command }) => command.type).join('+'), 'open', async (ledger) => {
          const asked = witness.asked(host, commands);
          const lives = stillLives(host);
          try {
            const results = await ledger.execute(commands);
            if (lives()) this.#world.witness(() => witness.answered(host, asked, results));
            return results;
          } catch (fault) {
            if (lives()) this.#world.witness(() => witness.failed(host, asked, fault as Error));
            throw fault;
          }
        }),
      begin: (ids, worker, leaseMs) =>
        call('begin', 'open', async (ledger) => {
          const lives = stillLives(host);
          const assignments = await ledger.begin(ids, worker, leaseMs);
          if (lives()) this.#world.witness(() => witness.begun(host, assignments, worker));
          return assignments;
        }),
      poll: (lanes, limit, worker) =>
        call('poll', 'open', async (ledger) => {
          const lives = stillLives(host);
          const assignments = await ledger.poll(lanes, limit, worker);
          if (lives()) this.#world.witness(() => witness.begun(host, assignments, worker));
          return assignments;
        }),
      waitForWork: (lanes, waitMs) => call('waitForWork', 'open', (ledger) => ledger.waitForWork(lanes, waitMs)),
      waitFor: (id, revision, waitMs) => call('waitFor', 'gated', (ledger) => ledger.waitFor(id, revision, waitMs)),
      note: (notes) => call('note', 'gated', (ledger) => ledger.note(notes)),
      read: (ids) => call('read', 'gated', (ledger) => ledger.read(ids)),
      touch: () => call('touch', 'gated', (ledger) => ledger.touch()),
    };
  }

  #call<T>(call: {
    readonly from: Life;
    readonly host: ObjectHost;
    readonly stub: { broken: boolean };
    readonly what: string;
    readonly gate: 'gated' | 'open';
    readonly work: (ledger: Ledger) => Promise<T>;
  }): Promise<T> {
    const { from, host, stub, what, gate, work } = call;
    const world = this.#world;
    if (!from.alive) return new Promise(() => {});
    if (stub.broken) return Promise.reject(new Error('this stub is broken'));
    if (world.lines !== undefined) world.say(`${from.name} asks ${host.name}: ${what}`);
    return new Promise((resolve, reject) => {
      const lose = (why: string): void => void world.after(world.between(1, PATIENCE_MS), from, why, () => reject(new Error(why)));
      if (world.fault('request.lost')) return lose('the request was lost');
      const arrive = (): void =>
        host.serve(gate, work, {
          answer: (value) => {
            if (world.fault('answer.lost')) return lose('the answer was lost');
            const delayMs = world.fault('answer.delayed') ? world.between(100, 20_000) : world.latencyMs();
            world.after(delayMs, from, `${from.name} hears: ${what}`, () => resolve(value));
          },
          fault: (fault) => {
            stub.broken = true;
            world.after(world.latencyMs(), from, `${from.name} hears a fault`, () => reject(fault));
          },
        });
      const delayMs = world.fault('request.delayed') ? world.between(100, 20_000) : world.latencyMs();
      world.after(delayMs, undefined, `${from.name} → ${what}`, arrive);
      if (world.fault('request.doubled'))
        world.after(delayMs + world.between(0, 5_000), undefined, `${from.name} → ${what}, doubled`, arrive);
    });
  }
}

/** Whether the object is still in the life it is in now: what a dead one answers reaches nobody. */
function stillLives(host: ObjectHost): () => boolean {
  const { lives } = host;
  return () => host.alive && host.lives === lives;
}
