/**
 * The plain in-memory reference that every run is compared with. After each step it reads what the objects' books say
 * anew, feeds the new events to its models, and compares rows, events, folds and answers.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Command, TaskCommand } from '@errand/core/command';
import type { TaskEvent } from '@errand/core/event';
import type { TaskId } from '@errand/core/id';
import { IDEMPOTENCY_KEY_LIFE_MS } from '@errand/core/ledger/idempotency';
import { loadTask } from '@errand/core/ledger/rows';
import { createTask, evolve } from '@errand/core/lifecycle/evolve';
import type { DeliveryId, NewDelivery, Received } from '@errand/core/hook-delivery';
import type { Assignment } from '@errand/core/assignment';
import type { CommandResult, Reservation, Reserved } from '@errand/core/ledger-object';
import type { SqlValue } from '@errand/core/ledger-platform';
import type { Task, TaskSpec } from '@errand/core/task';
import { POISON, type ObjectHost } from '../world/object-host.ts';
import type { Witness } from '../world/network.ts';
import type { World } from '../world/world.ts';
import { Answers, type Asked } from './answers.ts';
import type { Evidence } from './evidence.ts';
import { GONE, ModelTask, type Surroundings } from './model-task.ts';
import { violate } from './violation.ts';

type Row = Readonly<Record<string, SqlValue>>;

/** What is known of one task: its model, its fold, and the row as it was last seen. */
export interface Known {
  readonly host: ObjectHost;
  model: ModelTask;
  folded: Task | undefined;
  row: Row;
  /** The highest revision that left the object in an answer. */
  acknowledged: number;
  /** Events judged before a life ended: they are not judged again by the clocks of the next. */
  judged: number;
}

/** Signs of life that reached an object: any of them may have been taken, at any time since. */
interface LeaseAsked {
  readonly leaseMs: number | undefined;
  /** When the first came, in true time. */
  readonly since: number;
  /** The latest that the object's clock has said since. */
  latest: number;
  /** The longest lease that the task's options gave since. */
  longestOwnMs: number;
}

/** After a restart an executor has this long to be heard. */
const RESTART_GRACE_MS = 2_000;
/** What a fault of the platform kept from being done is tried again after this. */
const FAULT_PAUSE_MS = 1_000;
/** For this long a submit without a key may be repeated under its id. */
const REPEATED_WITHIN_MS = 3_600_000;
const COLUMNS = 'id, status, lane, holder, wake_at, in_flight, ready, dispatches, big_output, state';

export class Checker implements Witness {
  readonly known = new Map<TaskId, Known>();
  /** What retention took, as it was last. */
  readonly swept = new Map<TaskId, Known>();
  readonly #world: World;
  readonly #evidence: Evidence;
  readonly #answers: Answers;
  readonly #isGoneWorker: (worker: string) => boolean;
  readonly #hosts: readonly ObjectHost[];
  readonly #seenWrites = new Map<ObjectHost, number>();
  /** Leases an answer has confirmed, by task; they end with the object's life. */
  readonly #renewed = new Map<
    TaskId,
    { readonly fence: number; readonly until: number; readonly life: number; readonly written: boolean }
  >();
  /** The longest lease asked for, by task and fence: when nobody was told yet, this much may have been granted. */
  readonly #leaseAsked = new Map<string, LeaseAsked>();
  /** Reports that reached an object, by task and fence: each is taken or refused, once. */
  readonly #reports = new Map<string, number>();
  readonly #handedOut = new Set<string>();
  /** Deliveries that were accepted, by what they are recognized by. */
  readonly #deliveries = new Map<string, DeliveryId>();

  /** `isGone` says of a worker that its process has ended. */
  constructor(world: World, evidence: Evidence, hosts: readonly ObjectHost[], isGone: (worker: string) => boolean) {
    this.#world = world;
    this.#isGoneWorker = isGone;
    this.#evidence = evidence;
    this.#hosts = hosts;
    this.#answers = new Answers(
      (id) => this.known.get(id) ?? this.swept.get(id),
      (id) => this.swept.has(id),
      evidence,
    );
  }

  asked(host: ObjectHost, commands: readonly TaskCommand[]): Asked {
    for (const { taskId, command } of commands)
      if (command.type === 'report')
        this.#reports.set(`${taskId} ${command.fence}`, (this.#reports.get(`${taskId} ${command.fence}`) ?? 0) + 1);
      else if (command.type === 'heartbeat') this.#askedToRenew(host, taskId, command);
    return { commands, at: host.now(), injuries: host.injuries };
  }

  answered(host: ObjectHost, asked: unknown, results: readonly CommandResult[]): void {
    const { commands, at, injuries } = asked as Asked;
    commands.forEach((command, i) => {
      const result = results[i];
      if (result === undefined) violate('1', `${command.command.type} was answered with nothing`);
      // The last word counts, and is exact where the clock was set while it was under way: then it may be less than the one before.
      if (command.command.type === 'heartbeat' && result.ok && result.task.status === 'running')
        this.#renewed.set(command.taskId, {
          fence: command.command.fence,
          until: Math.min(at + (command.command.leaseMs ?? ownLeaseMs(result.task)), result.leaseUntil ?? Number.POSITIVE_INFINITY),
          life: host.lives,
          // What a remote worker was promised outlives the object's memory.
          written: command.command.leaseMs === undefined,
        });
      if (!result.ok && result.rejection.code === 'not_written' && host.injuries === injuries && !isPoisoned(command))
        violate('14', `${command.command.type} pays for a neighbour in its call`);
      this.#answers.add(command, at, result);
    });
  }

  failed(host: ObjectHost, asked: unknown, fault: Error): void {
    const { commands, injuries } = asked as Asked;
    if (host.injuries > injuries) return;
    // Alone in its call, what cannot be stored fails it; whoever shares a call is answered one by one.
    if (commands.length > 1 || !commands.some(isPoisoned))
      violate('14', `${commands.map(({ command }) => command.type).join('+')} pays for a neighbour: ${fault.message}`);
  }

  begun(_host: ObjectHost, assignments: readonly Assignment[]): void {
    for (const { task, fence } of assignments) {
      const key = `${task.id} ${fence}`;
      if (this.#handedOut.has(key)) violate('4', `attempt ${fence} of ${task.id} was given to two executors`);
      this.#handedOut.add(key);
    }
  }

  reserved(reservations: readonly Reservation[], answers: readonly Reserved[], host: ObjectHost): void {
    reservations.forEach(({ key, digest, taskId }, i) => {
      const answer = answers[i];
      if (answer?.ok === true) this.#answers.keyNames(key, digest, answer.taskId, host.now());
      else if (answer === undefined) violate('8', `the reservation of ${key} for ${taskId} was not answered`);
    });
  }

  received({ id, hookId, eventId, digest }: NewDelivery, { kind, deliveryId }: Received): void {
    for (const name of [`${hookId} ${digest}`, ...(eventId === null ? [] : [`${hookId} ${eventId}`])]) {
      const first = this.#deliveries.get(name);
      if (kind === 'accepted' && first !== undefined && first !== id) violate('9', `${name} was accepted as ${first} and as ${id}`);
      if (kind === 'accepted') this.#deliveries.set(name, deliveryId);
    }
  }

  /** Looks at everything that has changed since the last look. Throws the first broken promise. */
  look(): void {
    for (const host of this.#hosts) {
      if (this.#seenWrites.get(host) === host.book.writes) continue;
      this.#seenWrites.set(host, host.book.writes);
      this.#read(host);
    }
    this.#answers.check();
  }

  /** A life has ended: what survived must be all that was acknowledged, and the models begin again from it. */
  recover(host: ObjectHost): void {
    const there = host.book.hasTables();
    for (const [id, known] of this.known) {
      if (known.host !== host) continue;
      const row = there ? host.book.exec(`SELECT ${COLUMNS} FROM tasks WHERE id = ?`, id).toArray()[0] : undefined;
      const revision = row === undefined ? 0 : Number((JSON.parse(String(row['state'])) as Task).revision);
      if (row !== undefined && revision < known.acknowledged)
        violate('1', `${id} is at revision ${revision} after a crash; ${known.acknowledged} had been acknowledged`);
      if (row === undefined && known.acknowledged > 0) this.#gone(id, known);
      else if (row === undefined) this.known.delete(id);
      else if (row['state'] !== known.row['state']) {
        known.judged = Math.max(known.judged, known.model.sequence);
        known.model = new ModelTask(known.model.submitted);
        known.folded = undefined;
        known.row = {};
      }
    }
    this.#seenWrites.delete(host);
  }

  /** When the attempt of `fence` may count as lost, at the earliest. */
  leaseHolds(known: Known, fence: number): number {
    const { host, model } = known;
    const renewed = this.#renewed.get(model.spec.id);
    if (this.#isGone(model)) return GONE;
    // A cancel goes by what the object remembers: its grace is short anyway.
    const outlives = renewed?.written === true && model.cancelRequestedAt === undefined;
    const stands = renewed?.fence === fence && (outlives || renewed.life === host.lives);
    const confirmed = stands ? renewed.until : 0;
    const clockWentBack = (this.#world.fired.get('clock.back') ?? 0) > 0;
    const startedAt = model.lease?.startedAt ?? Number.POSITIVE_INFINITY;
    return startedAt < host.bornAt && !clockWentBack ? Math.max(confirmed, host.bornAt + RESTART_GRACE_MS) : confirmed;
  }

  #askedToRenew(host: ObjectHost, taskId: TaskId, { fence, leaseMs }: Extract<Command, { type: 'heartbeat' }>): void {
    const attempt = `${taskId} ${fence}`;
    const before = this.#leaseAsked.get(attempt);
    const spec = this.known.get(taskId)?.model.spec;
    this.#leaseAsked.set(attempt, {
      leaseMs,
      since: before?.since ?? this.#world.agenda.now,
      latest: Math.max(host.now(), before?.latest ?? 0),
      longestOwnMs: Math.max(spec === undefined ? 0 : ownLeaseMs(spec), before?.longestOwnMs ?? 0),
    });
  }

  /** Until when the lease of the running attempt may have been renewed by now, told or not. */
  #leaseMayHold(known: Known): number {
    const { host, model } = known;
    const asked = this.#leaseAsked.get(`${model.spec.id} ${model.fence}`);
    if (asked !== undefined) {
      // Clocks go back, and options change: what was granted by a later time, or by options of then, stays granted.
      const peaks = host.peaks.flatMap(({ at, clock }) => (at >= asked.since ? [clock] : []));
      asked.latest = Math.max(asked.latest, host.now(), ...peaks);
      asked.longestOwnMs = Math.max(asked.longestOwnMs, ownLeaseMs(model.spec));
    }
    const granted = asked === undefined ? 0 : asked.latest + (asked.leaseMs ?? asked.longestOwnMs);
    return Math.max(this.leaseHolds(known, model.fence), host.latestBornAt + RESTART_GRACE_MS, granted);
  }

  /** Its executor was part of a process that has ended, and the ledger knows: nobody waits for that lease. */
  #isGone({ spec, lease }: ModelTask): boolean {
    return spec.route.executor !== 'worker' && lease !== undefined && this.#world.profile.oneProcess && this.#isGoneWorker(lease.worker);
  }

  #read(host: ObjectHost): void {
    const { book } = host;
    if (!host.book.hasTables()) return;
    const rows = book.exec(`SELECT ${COLUMNS} FROM tasks`).toArray();
    for (const row of rows) this.#examine(host, row);
    this.#missing(host, rows);
    if (host.name.includes('/inbox/')) checkInbox(host, this.known);
  }

  #examine(host: ObjectHost, row: Row): void {
    const id = String(row['id']) as TaskId;
    const before = this.known.get(id);
    if (before !== undefined && isSameRow(before.row, row)) return;
    const known = before ?? this.#discover(host, id);
    const stateChanged = known.row['state'] !== row['state'];
    known.row = row;
    if (stateChanged) this.#follow(known, id);
    // What a failing statement kept from being done may wake a moment later.
    checkBookkeeping(known, this.#leaseMayHold(known), host.now() + (host.injuries > 0 ? FAULT_PAUSE_MS : 0));
  }

  #discover(host: ObjectHost, id: TaskId): Known {
    const spec = this.#evidence.specs.get(id) ?? specOf(loadTask(host.book, id)?.task);
    if (spec === undefined) violate('8', `${id} was submitted by nobody`);
    const known: Known = { host, model: new ModelTask(spec), folded: undefined, row: {}, acknowledged: 0, judged: 0 };
    this.known.set(id, known);
    return known;
  }

  /** Feeds the new events of a task to its model and its fold, and compares both with its row. */
  #follow(known: Known, id: TaskId): void {
    const { book } = known.host;
    const { model } = known;
    const stored = loadTask(book, id)?.task;
    if (stored === undefined) violate('15', `${id} has a row that cannot be read`);
    const around: Surroundings = {
      leaseHolds: (fence) => (model.sequence <= known.judged ? GONE : this.leaseHolds(known, fence)),
      given: (result, by) => this.#evidence.wasGiven(result, { taskId: id, ...by }),
      sent: (output, correlation) => this.#evidence.wasSent(output, correlation),
      output: () => ('output' in stored ? stored.output : undefined),
    };
    const texts = book.exec('SELECT events FROM events WHERE task_id = ? AND sequence > ? ORDER BY sequence', id, model.sequence).toArray();
    for (const event of texts.flatMap((text) => JSON.parse(String(text['events'])) as TaskEvent[])) {
      if (this.#world.lines !== undefined) this.#world.say(`  ${id.slice(-6)} ${event.sequence}: ${describe(event)}`);
      model.accept(event, around);
      known.folded = fold(known.folded, model.submitted, event, stored);
    }
    model.settle();
    this.#checkWords(model);
    if (!isDeepStrictEqual(known.folded, stored)) violate('15', `${id}: ${difference(known.folded, stored)}`);
    if (model.status !== stored.status || model.attempt !== stored.attempt || model.generation !== stored.generation)
      violate(
        '15',
        `${id} is ${stored.status} ${stored.generation}.${stored.attempt}, and should be ${model.status} ${model.generation}.${model.attempt}`,
      );
  }

  /** No report has had more than one effect. */
  #checkWords({ spec: { id }, fence, heard, refused }: ModelTask): void {
    const effects = heard.filter((one) => one === fence).length + refused.filter((one) => one === fence).length;
    const reports = this.#reports.get(`${id} ${fence}`) ?? 0;
    if (effects > reports)
      violate('4', `attempt ${fence} of ${id} reported ${reports} times, and ${effects} words of it were heard or refused`);
  }

  #missing(host: ObjectHost, rows: readonly Row[]): void {
    if (rows.length >= [...this.known.values()].filter((known) => known.host === host).length) return;
    const there = new Set(rows.map((row) => String(row['id'])));
    for (const [id, known] of this.known) if (known.host === host && !there.has(id)) this.#gone(id, known);
  }

  /** A task has no row any more: retention may have taken it, and nothing else. */
  #gone(id: TaskId, known: Known): void {
    const { model, host } = known;
    if (!model.ended || (model.endedAt ?? 0) + model.spec.retentionMs > host.now()) violate('3', `${id} is gone, and was ${model.status}`);
    const { createdAt, idempotencyKey } = model.spec;
    const repeatedWithinMs = idempotencyKey === undefined ? REPEATED_WITHIN_MS : IDEMPOTENCY_KEY_LIFE_MS;
    if (createdAt + repeatedWithinMs > host.now()) violate('8', `${id} is gone, and a repeated submit would do its work again`);
    this.known.delete(id);
    this.swept.set(id, known);
  }
}

/** How long an executor of this task may be silent when it promises nothing itself. */
function ownLeaseMs({ timeouts: { heartbeatMs, startToCloseMs } }: TaskSpec): number {
  return heartbeatMs ?? startToCloseMs ?? 60_000;
}

/** The task after an event, by the code's own fold. The output is in the row alone, so it is taken from there. */
function fold(before: Task | undefined, spec: TaskSpec, event: TaskEvent, stored: Task): Task {
  if (before === undefined) return createTask(spec, event);
  if (event.change.type !== 'task.completed') return evolve(before, event);
  return evolve(before, { ...event, change: { ...event.change, output: ('output' in stored ? stored.output : undefined) ?? null } });
}

/** Where a task stands in dispatch, and when it must wake, against what its model says. */
function checkBookkeeping({ model, row }: Known, leaseMayHold: number, soonMs: number): void {
  const { id } = model.spec;
  if (row['status'] !== model.status) violate('15', `the row of ${id} says ${row['status']}, its events ${model.status}`);
  if ((row['holder'] ?? undefined) !== (model.status === 'waiting' ? model.holder : undefined))
    violate('7', `the row of ${id} says ${row['holder']} holds it, its events ${model.holder}`);
  const queued = model.status === 'queued';
  if (queued !== (row['ready'] === 1 || (row['in_flight'] === 1 && queued)))
    violate('6', `${id} is queued, and neither ready nor in flight`);
  if (row['ready'] === 1 && row['in_flight'] === 1) violate('6', `${id} is both ready and in flight`);
  if (row['in_flight'] === 1 && model.status !== 'running' && !queued)
    violate('6', `${id} is ${model.status} and takes a place in its lane`);
  const timer = model.earliestTimer(leaseMayHold);
  const wakeAt = row['wake_at'];
  if (timer !== undefined && (wakeAt === null || Number(wakeAt) > Math.max(timer, soonMs)))
    violate(
      '11',
      `${id} (${model.status}) has a timer at ${timer}, and wakes ${wakeAt === null ? 'never' : `${Number(wakeAt) - timer} ms later`}`,
    );
  if (row['in_flight'] === 1 && queued && wakeAt === null) violate('6', `${id} is in flight and will not be sent again`);
}

/** The inbox lists what waits for people, and who holds it: neither more nor less. */
function checkInbox(host: ObjectHost, known: ReadonlyMap<TaskId, Known>): void {
  const listed = new Map(
    host.book
      .exec('SELECT task_id, holder FROM inbox')
      .toArray()
      .map((row) => [row['task_id'], row['holder']]),
  );
  for (const { host: home, model } of known.values()) {
    if (home !== host || model.spec.kind !== 'manual') continue;
    const { id } = model.spec;
    if (listed.has(id) !== (model.status === 'waiting'))
      violate('7', `${id} is ${model.status}, and ${listed.has(id) ? '' : 'not '}in the inbox`);
    if (listed.has(id) && (listed.get(id) ?? undefined) !== model.holder)
      violate('7', `the inbox says ${listed.get(id)} holds ${id}, its events ${model.holder}`);
    listed.delete(id);
  }
  if (listed.size > 0) violate('7', `the inbox lists ${[...listed.keys()].join(', ')}, which are no tasks`);
}

function isPoisoned({ command }: TaskCommand): boolean {
  return command.type === 'submit' && command.spec.type === POISON;
}

function isSameRow(a: Row, b: Row): boolean {
  return (
    a['state'] === b['state'] &&
    a['wake_at'] === b['wake_at'] &&
    a['in_flight'] === b['in_flight'] &&
    a['ready'] === b['ready'] &&
    a['dispatches'] === b['dispatches'] &&
    a['status'] === b['status'] &&
    a['holder'] === b['holder']
  );
}

/** A task of the system is submitted by the ledger itself: its spec is known from its row alone. */
function specOf(task: Task | undefined): TaskSpec | undefined {
  if (task === undefined || !task.system) return undefined;
  const { id, namespace, type, version, kind, input, priority, tags, metadata, retry, timeouts, retentionMs, route, system, createdAt } =
    task;
  return { id, namespace, type, version, kind, input, priority, tags, metadata, retry, timeouts, retentionMs, route, system, createdAt };
}

function difference(folded: Task | undefined, stored: Task): string {
  const [a, b] = [(folded ?? {}) as unknown as Record<string, unknown>, stored as unknown as Record<string, unknown>];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !isDeepStrictEqual(a[key], b[key]));
  return keys.map((key) => `${key} folds to ${JSON.stringify(a[key])}, the row says ${JSON.stringify(b[key])}`).join('; ');
}

function describe({ actor, change: { type, ...rest } }: TaskEvent): string {
  const data = JSON.stringify(rest);
  return `${type} by ${actor.id}${data === '{}' ? '' : ` ${data.slice(0, 160)}`}`;
}
