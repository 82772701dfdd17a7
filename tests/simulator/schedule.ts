/**
 * One schedule: a seed's world from its first submit until everything has come to rest. First a phase with faults, in
 * which nothing wrong may happen; then one without, in which everything must happen.
 */
import type { TaskId } from '@errand/core/id';
import { IDEMPOTENCY_KEY_LIFE_MS } from '@errand/core/ledger/idempotency';
import { migrate } from '@errand/core/ledger/migrations';
import type { LaneMessage } from '@errand/core/assignment';
import type { Task } from '@errand/core/task';
import { objectsOf } from '@errand/edge-worker/address';
import { Inbox } from '@errand/executors/manual/inbox';
import { migrateInbox } from '@errand/executors/manual/inbox-tables';
import { Clients, BUSY_MS } from './actors/clients.ts';
import { People } from './actors/people.ts';
import { RemoteWorker } from './actors/remote-worker.ts';
import { hostNamed, NAMESPACE, type Scene } from './actors/scene.ts';
import { Senders } from './actors/senders.ts';
import { ServiceProcess } from './actors/service-process.ts';
import { ThirdParty } from './actors/third-party.ts';
import { Checker } from './check/checker.ts';
import { Evidence } from './check/evidence.ts';
import type { ModelTask } from './check/model-task.ts';
import { checkAtRest, checkMeetings, checkPunctual, checkSwept, hasEarlyEvent, postsAreSent } from './check/final.ts';
import { Violation } from './check/violation.ts';
import type { Life } from './world/agenda.ts';
import { Dice } from './world/dice.ts';
import { CALM, drawProfile, type FaultName } from './world/faults.ts';
import { Lanes } from './world/lanes.ts';
import { Network } from './world/network.ts';
import { ObjectHost, type OpenTables, type Outlets } from './world/object-host.ts';
import { SqliteBook } from './world/sqlite-book.ts';
import { installVirtualTimers } from './world/virtual-timers.ts';
import { START, World } from './world/world.ts';

const openInbox: OpenTables = (platform) => new Inbox(platform);

/** What became of one schedule. */
export interface ScheduleResult {
  readonly seed: number;
  readonly crashAt?: number;
  /** The broken promise, if one was. */
  readonly violation?: string;
  readonly steps: number;
  readonly virtualMs: number;
  readonly operations: number;
  readonly succeeded: number;
  readonly tasks: number;
  readonly crashPoints: number;
  readonly fired: readonly (readonly [FaultName, number])[];
  /** What happened, line by line, when it was asked for. */
  readonly trace?: readonly string[];
}

export interface ScheduleOptions {
  readonly trace?: 'traced' | 'silent';
  /** No faults but one crash, at this crash point. */
  readonly crashAt?: number;
}

/** A run that takes more steps than this does not come to rest. */
const MAX_STEPS = 40_000;
/** Longest time until everything has ended once faults have stopped: the longest wait is a day, the longest backoff three. */
const MAX_CALM_MS = 5 * 86_400_000;
const CRON_MS = 60_000;
/** Without faults, objects are touched until the pauses between touches are this long. */
const CALM_CRON_MS = 16_000;
const TROUBLE_EVERY_MS = 4_000;
/** Steps between two looks at what waits for events: each asks other books. */
const MEETINGS_EVERY = 40;

/** Runs seeds one after the other, on books that are emptied in between. */
export class Simulator {
  readonly #books = [newBook(), newBook(), newBook()];

  async run(seed: number, options: ScheduleOptions = {}): Promise<ScheduleResult> {
    const profile = options.crashAt === undefined ? drawProfile(new Dice(seed, 'profile')) : { ...CALM, crashAt: options.crashAt };
    const world = new World(seed, profile, options.trace ?? 'silent');
    for (const book of this.#books) book.wipe();
    const books = profile.emptyBook ? this.#books.map(() => new SqliteBook()) : this.#books;
    const restore = installVirtualTimers(world);
    const run = new Schedule(world, books);
    try {
      await run.play();
    } catch (fault) {
      world.violation ??= fault as Error;
    } finally {
      restore();
    }
    const { violation } = world;
    return {
      seed,
      ...(options.crashAt === undefined ? {} : { crashAt: options.crashAt }),
      ...(violation === undefined ? {} : { violation: violation instanceof Violation ? violation.message : String(violation.stack) }),
      steps: world.agenda.steps,
      virtualMs: world.agenda.now - START,
      operations: world.operations,
      succeeded: world.succeeded,
      tasks: run.checker.known.size,
      crashPoints: world.crashPoints,
      fired: [...world.fired],
      ...(world.lines === undefined ? {} : { trace: world.lines }),
    };
  }
}

/** Steps between two turns of the event loop: each costs as much as a step, and without any no unhandled rejection is seen. */
const TURN_EVERY = 32;

/** Resolves once everything that does not wait for virtual time has run: the next tick comes after all microtasks. */
function microtasks(step: number): Promise<void> {
  return new Promise((resolve) => {
    if (step % TURN_EVERY === 0) setImmediate(resolve);
    else process.nextTick(resolve);
  });
}

function newBook(): SqliteBook {
  const book = new SqliteBook();
  const platform = { sql: book, transaction: <T>(work: () => T) => book.transaction(work) };
  migrate(platform);
  migrateInbox(platform);
  return book;
}

class Schedule {
  readonly checker: Checker;
  readonly #world: World;
  readonly #hosts: readonly ObjectHost[];
  readonly #byName: ReadonlyMap<string, ObjectHost>;
  readonly #scene: Scene;
  readonly #evidence: Evidence;
  readonly #service: ServiceProcess;
  readonly #lanes: Lanes;
  readonly #thirdParty: ThirdParty;
  readonly #clients: Clients;
  readonly #people: People;
  readonly #life: Life = { name: 'cron', alive: true };
  #calmFrom = 0;
  #workers: readonly RemoteWorker[] = [];

  constructor(world: World, books: readonly SqliteBook[]) {
    this.#world = world;
    this.#hosts = objectsOf(NAMESPACE).map(
      (name, i) =>
        new ObjectHost(name, world, books[i] ?? new SqliteBook(), this.#outlets(), name.includes('/inbox/') ? openInbox : undefined),
    );
    this.#byName = new Map(this.#hosts.map((host) => [host.name, host]));
    this.#evidence = new Evidence(world);
    this.checker = new Checker(world, this.#evidence, this.#hosts, (worker) => this.#service.isGone(worker));
    this.#scene = { world, network: new Network(world, this.checker), evidence: this.#evidence, hosts: this.#byName };
    this.#people = new People(this.#scene);
    this.#clients = new Clients(this.#scene, (task) => this.#submitted(task));
    this.#thirdParty = new ThirdParty(this.#scene, new Senders(this.#scene), (task) => this.#clients.race(task));
    this.#service = new ServiceProcess(this.#scene, this.#thirdParty);
    this.#lanes = new Lanes(world, (message) => this.#delivered(message));
  }

  #outlets(): Outlets {
    const world = this.#world;
    return {
      send: (lane, messages) => this.#lanes.send(lane, messages),
      post: (life, destination, sender, posts) =>
        this.#scene.network.stub(life, hostNamed(this.#scene, destination)).takePosts(sender, posts),
      isGone: (worker) => this.#service.isGone(worker),
      near: (name) => (world.profile.near ? this.#service.near(name) : undefined),
      crashed: (host) => world.witness(() => this.checker.recover(host)),
      broken: (promise, detail) => (world.violation ??= new Violation(promise, detail)),
    };
  }

  #delivered(message: LaneMessage): void {
    const world = this.#world;
    this.#service.deliver(message);
    if (world.fault('executor.crashed')) world.after(world.between(0, 4_000), this.#life, 'the service dies', () => this.#serviceDies());
  }

  /** Where service and objects are one process, all die together. */
  #serviceDies(): void {
    if (this.#world.profile.oneProcess) this.#powerFails('their process dies');
    else this.#service.crash();
  }

  #powerFails(why: string): void {
    this.#service.crash();
    for (const host of this.#hosts) host.crash(why);
    this.#lanes.forget();
  }

  async play(): Promise<void> {
    const world = this.#world;
    this.#clients.plan();
    this.#cron(CRON_MS);
    this.#trouble();
    const faultsEndAt = START + BUSY_MS + world.load.between(0, 60_000);
    await this.#until(() => world.agenda.now >= faultsEndAt);
    this.#calmDown();
    await this.#until(() => this.#atRest());
    checkAtRest(this.checker, this.#evidence, this.#hosts);
    if (world.profile.ageing) await this.#age();
  }

  /** Somebody finds a task that was accepted: people a manual one, remote workers theirs, from the first on. */
  #submitted(task: Task): void {
    if (task.kind === 'manual') this.#people.find(task.id);
    if (task.route.executor === 'worker') this.#startWorkers();
  }

  #startWorkers(): void {
    if (this.#workers.length === 0) this.#workers = ['worker-a', 'worker-b'].map((name) => new RemoteWorker(this.#scene, name));
  }

  /** Lets happen what happens next, and looks at it, until `done`. */
  async #until(done: () => boolean): Promise<void> {
    const world = this.#world;
    while (!done()) {
      if (world.agenda.step() === undefined) return;
      await microtasks(world.agenda.steps);
      this.checker.look();
      if (world.violation !== undefined) throw world.violation;
      if (world.calm) this.#checkCalm(world.agenda.now - this.#calmFrom);
      if (world.agenda.steps > MAX_STEPS) throw new Violation('3', `${this.#restless()} within ${MAX_STEPS} steps`);
      if (world.calm && world.agenda.now > this.#calmFrom + MAX_CALM_MS) throw new Violation('3', `${this.#restless()} in days`);
    }
  }

  #checkCalm(calmSinceMs: number): void {
    checkPunctual(this.checker, calmSinceMs);
    if (this.#world.agenda.steps % MEETINGS_EVERY === 0) checkMeetings(this.checker, this.#byName, calmSinceMs);
  }

  /** Faults stop. Whoever is down comes back, and everybody is honest. */
  #calmDown(): void {
    const world = this.#world;
    world.calm = true;
    this.#calmFrom = world.agenda.now;
    if (world.lines !== undefined) world.say('-- no more faults --');
    if ([...this.checker.known.values()].some(({ model }) => model.spec.route.executor === 'worker')) this.#startWorkers();
    this.#cron(1_000);
    this.#care(500);
  }

  #restless(): string {
    const open = [...this.checker.known.values()].filter(({ model }) => !model.ended);
    return `it does not come to rest (${open.map(({ model }) => `${model.spec.type} is ${model.status}`).join(', ')})`;
  }

  #atRest(): boolean {
    return [...this.checker.known.values()].every(({ model }) => model.ended) && postsAreSent(this.#hosts);
  }

  /** Touches the objects that were opened. Without faults a few times only, but those whose alarm was lost before. */
  #cron(delayMs: number): void {
    const world = this.#world;
    const calm = world.calm;
    world.after(delayMs, this.#life, 'cron', () => {
      if (calm !== world.calm) return;
      const touched = calm && delayMs > CALM_CRON_MS ? this.#hosts.filter((host) => host.alarmIsLost) : this.#hosts;
      for (const host of touched)
        void this.#scene.network
          .stub(this.#life, host)
          .touch()
          .catch(() => {});
      this.#cron(calm ? Math.min(delayMs * 2, CRON_MS) : CRON_MS);
    });
  }

  /** Does for tasks what only somebody outside can do: lets paused ones go on, works on manual ones, calls back. */
  #care(delayMs: number): void {
    const world = this.#world;
    world.after(delayMs, this.#life, 'care', () => {
      for (const { model, host } of this.checker.known.values()) {
        if (model.ended) continue;
        const { id, kind } = model.spec;
        if (model.status === 'paused') void this.#clients.resume({ id });
        else if (model.status === 'waiting' && kind === 'manual') void this.#people.settle(id, model.holder);
        else if (model.status === 'waiting' && !this.#isUnderWay(model)) void this.#callBack(host, id);
      }
      this.#care(Math.min(delayMs * 2, 3_600_000));
    });
  }

  /** The event it waits for has come already: nobody need send another. */
  #isUnderWay({ wait }: ModelTask): boolean {
    const meeting = wait?.meeting === undefined ? undefined : this.#byName.get(wait.meeting);
    return meeting !== undefined && wait?.correlation !== undefined && hasEarlyEvent(meeting, wait.correlation);
  }

  async #callBack(host: ObjectHost, id: TaskId): Promise<void> {
    const [task] = await this.#scene.network.stub(this.#life, host).read([id]);
    if (task !== null && task !== undefined) this.#thirdParty.finish(task);
  }

  /** Whatever befalls machines, clocks and platforms by itself. */
  #trouble(): void {
    const world = this.#world;
    world.after(world.between(100, TROUBLE_EVERY_MS), this.#life, 'trouble', () => {
      if (world.calm) return;
      for (const host of this.#hosts) {
        if (world.fault('clock.forward')) host.moveClock(world.between(100, 90_000));
        if (world.fault('clock.back')) host.moveClock(-world.between(100, 30_000));
        if (world.fault('object.evicted')) host.evict();
      }
      if (world.fault('power.lost')) this.#powerFails('the power is lost');
      this.#trouble();
    });
  }

  /** Days later: keys have lived, and what outlived its retention is swept, whether anybody calls or not. */
  async #age(): Promise<void> {
    const world = this.#world;
    // Whatever is still under way is answered first: a clock that leaps a day while a commit waits for the disk shows nothing.
    const settledAt = world.agenda.now + 60_000;
    await this.#until(() => world.agenda.now >= settledAt);
    for (const host of this.#hosts) host.moveClock(IDEMPOTENCY_KEY_LIFE_MS + 3_600_000);
    const until = world.agenda.now + 4 * 3_600_000;
    await this.#until(() => world.agenda.now >= until);
    checkSwept(this.checker, this.#hosts, IDEMPOTENCY_KEY_LIFE_MS, 2 * 3_600_000);
  }
}
