/**
 * A transcript: what a book answers to a sequence of calls that a seed draws, on a clock that the sequence turns. The same seed
 * must give the same transcript over every runtime's SQLite.
 */
import { SYSTEM } from '@errand/core/actor';
import type { Command, TaskCommand } from '@errand/core/command';
import { mintTaskId, TASK_ID_RANDOM_BYTES, type Address, type TaskId } from '@errand/core/id';
import type { Json } from '@errand/core/json';
import { Ledger } from '@errand/core/ledger/ledger';
import type { Outcome } from '@errand/core/outcome';
import type { Assignment } from '@errand/core/assignment';
import type { LedgerPlatform } from '@errand/core/ledger-platform';
import type { TaskSpec } from '@errand/core/task';
import { Inbox } from '@errand/executors/manual/inbox';
import type { SqlPort } from './sql-storage.contract.ts';

const START = 1_800_000_000_000;
const STEPS = 150;
const PEOPLE = ['ann', 'bob'].map((id) => ({ id, groups: id === 'ann' ? ['ops'] : ['ops', 'audit'] }));
const VALUES: readonly Json[] = [null, 0, -0.5, 1e21, 'ünï🙂', '%_\\"', ['a', { b: [] }], { ö: 'x'.repeat(5_000) }];

/** The calls and answers of one seed, a line each, and at the end every row of every table. */
export async function transcript(storage: SqlPort, seed: number): Promise<string[]> {
  const book = new Book(storage, seed);
  const lines: string[] = [];
  for (let i = 0; i < STEPS; i++) lines.push(`${i} ${await book.step()}`);
  return [...lines, ...dump(storage)];
}

class Book {
  readonly #random: () => number;
  readonly #platform: LedgerPlatform;
  readonly #address: Address;
  readonly #ids: TaskId[] = [];
  readonly #assignments: Assignment[] = [];
  readonly #sent: TaskId[] = [];
  #ledger: Ledger;
  #inbox: Inbox | undefined;
  #now = START;
  #alarmAt = Number.POSITIVE_INFINITY;

  constructor(storage: SqlPort, seed: number) {
    this.#random = mulberry32(seed);
    this.#address = { place: 0, object: seed % 2 === 0 ? 'ledger' : 'inbox', shard: 0 };
    this.#platform = {
      sql: storage.sql as unknown as LedgerPlatform['sql'],
      transaction: (work) => storage.transactionSync(work),
      durable: () => Promise.resolve(),
      setAlarm: (at) => {
        this.#alarmAt = at;
      },
      now: () => this.#now,
      random: this.#random,
      randomBytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(this.#random() * 256)),
      send: async (_lane, messages) => void this.#sent.push(...messages.flatMap(({ taskIds }) => taskIds)),
      post: () => Promise.resolve(),
    };
    this.#ledger = this.#open();
  }

  #open(): Ledger {
    this.#inbox = this.#address.object === 'inbox' ? new Inbox(this.#platform) : undefined;
    const beside = this.#inbox === undefined ? {} : { beside: this.#inbox };
    return new Ledger(`default/0/${this.#address.object}/0`, { ...this.#platform, ...beside }, () => {});
  }

  /** One call, drawn; gives its name and its answer. */
  async step(): Promise<string> {
    this.#now += this.#below(2_000);
    const name = this.#pick([
      'submit',
      'submit',
      'work',
      'work',
      'report',
      'report',
      'verb',
      'verb',
      'person',
      'time',
      'read',
      'reopen',
    ] as const);
    switch (name) {
      case 'submit':
        return `submit ${show(await this.#ledger.execute(Array.from({ length: 1 + this.#below(3) }, () => this.#submit())))}`;
      case 'work':
        return `work ${show(await this.#work())}`;
      case 'report':
        return `report ${show(await this.#report())}`;
      case 'verb':
        return `verb ${show(await this.#ask(this.#verb()))}`;
      case 'person':
        return `person ${show(await this.#ask(this.#personal()))}`;
      case 'time':
        return `time ${show(await this.#turn())}`;
      case 'read':
        return `read ${show(await this.#read())}`;
      case 'reopen':
        this.#ledger = this.#open();
        return `reopen ${this.#alarmAt}`;
    }
  }

  #submit(): TaskCommand {
    const spec = this.#spec();
    this.#ids.push(spec.id);
    const scheduled = this.#chance(0.2) ? { scheduledFor: this.#now + this.#below(20_000) } : {};
    const key = `key-${this.#below(20)}`;
    return {
      taskId: spec.id,
      command: { type: 'submit', actor: SYSTEM, spec, ...scheduled },
      ...(this.#chance(0.3) ? { idempotency: { key, digest: this.#chance(0.8) ? key : 'another' } } : {}),
    };
  }

  #spec(): TaskSpec {
    const manual = this.#address.object === 'inbox' && this.#chance(0.7);
    const remote = !manual && this.#chance(0.2);
    return {
      id: mintTaskId(this.#now, this.#address, this.#platform.randomBytes(TASK_ID_RANDOM_BYTES)),
      namespace: 'default',
      type: this.#pick(['example.sum', 'Order.Approve', 'zahlung.prüfen']),
      version: 1 + this.#below(3),
      kind: manual ? 'manual' : 'automated',
      input: this.#pick(VALUES),
      priority: 1 + this.#below(5),
      tags: this.#chance(0.5) ? ['a', this.#pick(['B', 'ß', 'x y'])] : [],
      metadata: {},
      timeouts: this.#chance(0.5) ? { startToCloseMs: 5_000 } : { scheduleToCloseMs: 60_000, heartbeatMs: 2_000 },
      retentionMs: 1_000,
      system: this.#chance(0.1),
      createdAt: this.#now,
      retry: {
        maxAttempts: 1 + this.#below(3),
        initialIntervalMs: 500,
        backoffCoefficient: 2,
        maxIntervalMs: 10_000,
        jitter: this.#pick(['full', 'none']),
        nonRetryableCodes: [],
      },
      route: {
        executor: manual ? 'manual' : remote ? 'worker' : 'automated',
        lane: manual ? 'manual' : remote ? 'workers/a' : 'automated',
        rule: 'default',
        reason: 'drawn',
      },
      ...(manual
        ? { candidates: { users: [], groups: ['ops'] }, ...(this.#chance(0.5) ? { dueAt: this.#now + this.#below(9_000) } : {}) }
        : {}),
    };
  }

  async #work(): Promise<unknown> {
    const begun = this.#chance(0.7)
      ? await this.#ledger.begin(this.#sent.splice(0, 5), 'service', 4_000)
      : await this.#ledger.poll(['workers/a'], 3, 'remote');
    this.#assignments.push(...begun);
    return begun;
  }

  async #report(): Promise<unknown> {
    if (this.#assignments.length === 0) return 'none';
    const { task, fence } = this.#pick(this.#assignments);
    if (this.#chance(0.2))
      await this.#ledger.note([
        { taskId: task.id, fence, logs: [{ at: this.#now, level: 'info', message: 'é' }], checkpoint: this.#pick(VALUES) },
      ]);
    const actor = { kind: 'worker', id: 'service' } as const;
    if (this.#chance(0.2)) return this.#ledger.execute([{ taskId: task.id, command: { type: 'heartbeat', actor, fence } }]);
    const command: Command = { type: 'report', actor, fence, outcome: this.#outcome(), delayFraction: this.#random() };
    return this.#ledger.execute([{ taskId: task.id, command }]);
  }

  #outcome(): Outcome {
    if (this.#chance(0.5)) return { kind: 'completed', output: this.#pick(VALUES) };
    if (this.#chance(0.2)) return { kind: 'waiting', for: 'callback' };
    return { kind: 'failed', error: { code: 'drawn', message: 'nö', retryable: this.#chance(0.8), details: this.#pick(VALUES) } };
  }

  #verb(): Command {
    const actor = { kind: 'person', id: 'ann' } as const;
    const type = this.#pick(['cancel', 'pause', 'resume', 'retry-now', 'redrive', 'skip', 'reschedule'] as const);
    const asked = { actor, reason: 'drawn', ...(this.#chance(0.2) ? { ifRevision: this.#below(5) } : {}) };
    return type === 'reschedule' ? { type, ...asked, scheduledFor: this.#now + this.#below(5_000) } : { type, ...asked };
  }

  #personal(): Command {
    const person = this.#pick(PEOPLE);
    const actor = { kind: 'person', id: person.id } as const;
    const type = this.#pick(['claim', 'claim', 'release', 'complete', 'fail'] as const);
    if (type === 'complete') return { type, actor, person, output: this.#pick(VALUES) };
    if (type === 'fail') return { type, actor, person, code: 'drawn', message: 'no' };
    return { type, actor, person };
  }

  async #ask(command: Command): Promise<unknown> {
    if (this.#ids.length === 0) return 'none';
    return this.#ledger.execute([{ taskId: this.#pick(this.#ids), command }]);
  }

  /** Time passes, to the alarm or beyond it; sometimes for days, so that retention comes. */
  async #turn(): Promise<unknown> {
    this.#now =
      Math.max(this.#now, Number.isFinite(this.#alarmAt) ? this.#alarmAt : 0) + this.#below(this.#chance(0.05) ? 200_000_000 : 3_000);
    this.#alarmAt = Number.POSITIVE_INFINITY;
    await this.#ledger.tick();
    return { now: this.#now, alarmAt: this.#alarmAt, sent: this.#sent.length };
  }

  async #read(): Promise<unknown> {
    const id = this.#pick([...this.#ids, 'task_00000000000000000000000000' as TaskId]);
    const filter = this.#chance(0.5) ? { tag: 'B' } : { type: 'zahlung.prüfen', system: true };
    const text = this.#pick(['', 'PRÜF', 'x y', '%', 'ünï']);
    return {
      one: await this.#ledger.read([id]),
      events: await this.#ledger.events(id, this.#below(3)),
      attempts: await this.#ledger.attempts(id),
      standing: await this.#ledger.standing(id),
      list: await this.#ledger.list(filter, this.#chance(0.5) ? id : null, 5),
      count: await this.#ledger.count(filter),
      all: await this.#ledger.count({}),
      inbox: this.#inbox?.list({
        view: this.#pick(['mine', 'groups', 'all']),
        person: this.#pick(PEOPLE),
        admin: this.#chance(0.5),
        sort: this.#pick(['due', 'newest']),
        ...(text === '' ? {} : { text }),
        after: null,
        limit: 5,
      }),
    };
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#below(from.length)] as T;
  }
  #below(bound: number): number {
    return Math.floor(this.#random() * bound);
  }
  #chance(share: number): boolean {
    return this.#random() < share;
  }
}

/** Every row of every table, in the order of all its columns. */
function dump(storage: SqlPort): string[] {
  const exec = (query: string) => storage.sql.exec(query).raw().toArray();
  const tables = exec(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' ORDER BY name`).map(
    ([name]) => String(name),
  );
  return tables.flatMap((table) =>
    exec(`SELECT * FROM ${table}`)
      .map((row) => `${table} ${show(row)}`)
      .sort(),
  );
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined';
}

/** A small generator with good dice (Tommy Ettinger's mulberry32). */
function mulberry32(seed: number): () => number {
  const state = new Uint32Array([seed]);
  return () => {
    state[0] = (state[0] ?? 0) + 0x6d2b79f5;
    const s = state[0] ?? 0;
    let t = Math.imul(s ^ (s >>> 15), s | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
