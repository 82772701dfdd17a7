/**
 * The Durable Objects: a ledger's platform, and nothing else. Methods translate; whatever is decided about a task
 * is decided in `@errand/core`.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Attempt } from '@errand/core/attempt';
import type { TaskCommand } from '@errand/core/command';
import type { TaskEvent } from '@errand/core/event';
import type { TaskId } from '@errand/core/id';
import type {
  DeliveryId,
  DeliveryResult,
  EventOffer,
  EventWaiter,
  KeptDelivery,
  ListedDelivery,
  NewDelivery,
  NumberedPost,
  OfferResult,
  OfferState,
  Received,
} from '@errand/core/hook-delivery';
import { Ledger } from '@errand/core/ledger/ledger';
import type { Assignment, AttemptNote } from '@errand/core/assignment';
import type { InboxPage, InboxQuery } from '@errand/core/inbox-query';
import type {
  CommandResult,
  KeyedTask,
  LedgerGauges,
  Reservation,
  Reserved,
  Standing,
  SubmitResult,
  TaskFilter,
} from '@errand/core/ledger-object';
import type { LedgerPlatform, TablesBeside } from '@errand/core/ledger-platform';
import type { Status, Task, TaskError } from '@errand/core/task';
import { Inbox } from '@errand/executors/manual/inbox';
import type { Bindings } from './bindings.ts';
import { sendToLane } from './lanes.ts';
import { nearExecutor } from './near.ts';
import { goneWorkers } from '../../service-worker-name.ts';
import { objectStub } from './objects.ts';
import { gather, pace } from './turns.ts';
import { answerInText, type TextCalls, type TextMethod } from './text-calls.ts';
import { ChangeStream } from '../../change-stream.ts';

export class LedgerObject extends DurableObject<Bindings> implements TextCalls {
  readonly #ledger: Ledger;
  readonly #changes = new ChangeStream();

  constructor(state: DurableObjectState, env: Bindings, beside?: TablesBeside) {
    super(state, env);
    const name = state.id.name;
    if (name === undefined) throw new Error('A ledger is addressed by its name.');
    const near = nearExecutor(
      env,
      name,
      () => this.#ledger,
      (work) => state.waitUntil(work),
    );
    this.#ledger = new Ledger(name, { ...platformOf(state, env), near, ...(beside === undefined ? {} : { beside }) }, (tasks) =>
      this.#changes.publish(tasks),
    );
  }

  callInText(method: TextMethod, items: string): Promise<string> {
    return answerInText(this.#ledger, method, items);
  }
  execute(commands: readonly TaskCommand[]): Promise<CommandResult[]> {
    return this.#ledger.execute(commands);
  }
  submit(commands: readonly TaskCommand[]): Promise<SubmitResult[]> {
    return this.#ledger.submit(commands);
  }
  reserve(reservations: readonly Reservation[]): Promise<Reserved[]> {
    return this.#ledger.reserve(reservations);
  }
  tasksOfKeys(keys: readonly string[]): Promise<(KeyedTask | null)[]> {
    return this.#ledger.tasksOfKeys(keys);
  }
  read(ids: readonly TaskId[]): Promise<(Task | null)[]> {
    return this.#ledger.read(ids);
  }
  list(filter: TaskFilter, before: string | null, limit: number): Promise<{ items: Task[]; scannedTo: string | null }> {
    return this.#ledger.list(filter, before, limit);
  }
  count(filter: TaskFilter): Promise<Partial<Record<Status, number>>> {
    return this.#ledger.count(filter);
  }
  events(id: TaskId, afterSequence: number): Promise<TaskEvent[] | null> {
    return this.#ledger.events(id, afterSequence);
  }
  attempts(id: TaskId): Promise<Attempt[] | null> {
    return this.#ledger.attempts(id);
  }
  standing(id: TaskId): Promise<{ task: Task; standing: Standing } | null> {
    return this.#ledger.standing(id);
  }
  waitFor(id: TaskId, revision: number, waitMs: number): Promise<Task | null> {
    return this.#ledger.waitFor(id, revision, waitMs);
  }
  begin(ids: readonly TaskId[], worker: string, leaseMs: number | undefined): Promise<Assignment[]> {
    return this.#ledger.begin(ids, worker, leaseMs);
  }
  poll(lanes: readonly string[], limit: number, worker: string): Promise<Assignment[]> {
    return this.#ledger.poll(lanes, limit, worker);
  }
  waitForWork(lanes: readonly string[], waitMs: number): Promise<void> {
    return this.#ledger.waitForWork(lanes, waitMs);
  }
  note(notes: readonly AttemptNote[]): Promise<void> {
    return this.#ledger.note(notes);
  }
  throughput(sinceMs: number): Promise<[number, Status, number][]> {
    return this.#ledger.throughput(sinceMs);
  }
  receiveDelivery(delivery: NewDelivery): Promise<Received> {
    return this.#ledger.receiveDelivery(delivery);
  }
  refuseDelivery(id: DeliveryId, hookId: string, error: TaskError): Promise<void> {
    return this.#ledger.refuseDelivery(id, hookId, error);
  }
  listDeliveries(hookId: string, before: string | null, limit: number): Promise<ListedDelivery[]> {
    return this.#ledger.listDeliveries(hookId, before, limit);
  }
  readDelivery(id: DeliveryId): Promise<KeptDelivery | null> {
    return this.#ledger.readDelivery(id);
  }
  settleDelivery(id: DeliveryId, result: DeliveryResult): Promise<void> {
    return this.#ledger.settleDelivery(id, result);
  }
  offerEvent(offer: EventOffer): Promise<OfferState> {
    return this.#ledger.offerEvent(offer);
  }
  readOffer(id: DeliveryId): Promise<{ offer: EventOffer; state: OfferState } | null> {
    return this.#ledger.readOffer(id);
  }
  settleOffer(id: DeliveryId, waiter: EventWaiter, result: OfferResult): Promise<OfferState> {
    return this.#ledger.settleOffer(id, waiter, result);
  }
  takePosts(sender: string, posts: readonly NumberedPost[]): Promise<void> {
    return this.#ledger.takePosts(sender, posts);
  }
  gauges(): Promise<LedgerGauges> {
    return this.#ledger.gauges();
  }
  touch(): Promise<void> {
    return this.#ledger.touch();
  }
  /** Changes of this object's tasks as server-sent events, until the caller leaves or 25 s have passed. */
  override fetch(): Response {
    return this.#changes.response();
  }
  override alarm(): Promise<void> {
    return this.#ledger.tick();
  }
}

/** A ledger with the tables of manual work beside it: manual tasks are born here. */
export class InboxObject extends LedgerObject {
  readonly #inbox: Inbox;

  constructor(state: DurableObjectState, env: Bindings) {
    const inbox = new Inbox(platformOf(state, env));
    super(state, env, inbox);
    this.#inbox = inbox;
  }

  async inbox(query: InboxQuery): Promise<InboxPage> {
    return this.#inbox.list(query);
  }
}

function platformOf(state: DurableObjectState, env: Bindings): LedgerPlatform {
  const { storage } = state;
  const isGone = goneWorkers(env.ERRAND_PROCESS_ID);
  return {
    ...(isGone === undefined ? {} : { isGone }),
    sql: storage.sql as unknown as LedgerPlatform['sql'],
    transaction: (work) => storage.transactionSync(work),
    durable: () => storage.sync(),
    gather,
    pace,
    setAlarm: (at) => state.waitUntil(storage.setAlarm(at)),
    now: () => Date.now(),
    random: () => Math.random(),
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    send: (lane, messages) => sendToLane(env, lane, messages),
    post: (destination, sender, posts) => objectStub(env, destination).takePosts(sender, posts),
  };
}
