/** Calls between callers and objects: lost on the way, doubled, delayed, or answered to nobody. */
import type { TaskCommand } from '@errand/core/command';
import type { NewDelivery, Received } from '@errand/core/hook-delivery';
import type { Ledger } from '@errand/core/ledger/ledger';
import type { Assignment } from '@errand/core/assignment';
import type { CommandResult, LedgerObject, Reservation, Reserved } from '@errand/core/ledger-object';
import type { PerformingLedger } from '@errand/edge-worker/perform';
import type { Life } from './agenda.ts';
import type { ObjectHost } from './object-host.ts';
import type { World } from './world.ts';

/** An object as its callers hold it. */
export type RemoteLedger = LedgerObject & PerformingLedger;

/** Learns what leaves an object, whether or not it arrives. */
export interface Witness {
  /** Commands reach the object. What is given back is handed to the others. */
  asked(host: ObjectHost, commands: readonly TaskCommand[]): unknown;
  answered(host: ObjectHost, asked: unknown, results: readonly CommandResult[]): void;
  failed(host: ObjectHost, asked: unknown, fault: Error): void;
  begun(host: ObjectHost, assignments: readonly Assignment[]): void;
  reserved(reservations: readonly Reservation[], answers: readonly Reserved[], host: ObjectHost): void;
  received(delivery: NewDelivery, answer: Received): void;
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
    return new Proxy({} as RemoteLedger, {
      get: (_target, member) =>
        // Nothing here is a promise: whoever resolves with this object must not call `then`.
        member === 'then' ? undefined : (...args: unknown[]) => this.#call({ from, host, stub, member: member as Member, args }),
    });
  }

  /** Assignments that reached an executor without a call. */
  sees(host: ObjectHost, assignments: readonly Assignment[]): void {
    this.#world.witness(() => this.#witness.begun(host, assignments));
  }

  #call(call: {
    readonly from: Life;
    readonly host: ObjectHost;
    readonly stub: { broken: boolean };
    readonly member: Member;
    readonly args: readonly unknown[];
  }): Promise<unknown> {
    const { from, host, stub, member, args } = call;
    const world = this.#world;
    if (!from.alive) return new Promise(() => {});
    if (stub.broken) return Promise.reject(new Error('this stub is broken'));
    const what = world.lines === undefined ? member : told(member, args);
    if (world.lines !== undefined) world.say(`${from.name} asks ${host.name}: ${what}`);
    return new Promise((resolve, reject) => {
      const lose = (why: string): void => void world.after(world.between(1, PATIENCE_MS), from, why, () => reject(new Error(why)));
      if (world.fault('request.lost')) return lose('the request was lost');
      const arrive = (): void =>
        host.serve(DURABLE.has(member) ? 'open' : 'gated', (ledger) => this.#run(ledger, host, member, args), {
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

  /** Calls the ledger, and lets the witness see what leaves it. */
  async #run(ledger: Ledger, host: ObjectHost, member: Member, args: readonly unknown[]): Promise<unknown> {
    const { lives } = host;
    // What a dead object answers reaches nobody.
    const see = (look: () => void): void => {
      if (host.alive && host.lives === lives) this.#world.witness(look);
    };
    const witness = this.#witness;
    const asked = member === 'execute' ? witness.asked(host, args[0] as readonly TaskCommand[]) : undefined;
    try {
      const value = await (ledger[member] as (...all: readonly unknown[]) => Promise<unknown>)(...args);
      if (member === 'execute') see(() => witness.answered(host, asked, value as readonly CommandResult[]));
      if (member === 'begin' || member === 'poll') see(() => witness.begun(host, value as readonly Assignment[]));
      if (member === 'reserve') see(() => witness.reserved(args[0] as readonly Reservation[], value as readonly Reserved[], host));
      if (member === 'receiveDelivery') see(() => witness.received(args[0] as NewDelivery, value as Received));
      return value;
    } catch (fault) {
      if (member === 'execute') see(() => witness.failed(host, asked, fault as Error));
      throw fault;
    }
  }
}

type Member = Exclude<keyof RemoteLedger, symbol>;

/** Calls that await durability themselves. All others leave through the gate, as a platform's answers do. */
const DURABLE: ReadonlySet<Member> = new Set([
  'execute',
  'begin',
  'poll',
  'reserve',
  'receiveDelivery',
  'refuseDelivery',
  'settleDelivery',
  'offerEvent',
  'settleOffer',
  'takePosts',
]);

function told(member: Member, args: readonly unknown[]): string {
  if (member === 'execute')
    return (args[0] as readonly TaskCommand[]).map(({ taskId, command }) => `${command.type} ${taskId.slice(-6)}`).join(', ');
  return `${member} ${JSON.stringify(args).slice(0, 100)}`;
}
