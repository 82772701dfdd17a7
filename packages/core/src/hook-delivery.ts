/**
 * Deliveries of hooks, and the events they bring to tasks that wait for one: what objects keep of them and tell each other.
 * A delivery is kept in its hook's home; an event and the task it is for find each other in the ledger that their
 * correlation names, their meeting.
 */
import type { Brand } from './brand.ts';
import type { TaskId } from './id.ts';
import type { Json } from './json.ts';
import type { TaskError } from './task.ts';

/** `delivery_` and 26 characters, time-ordered. */
export type DeliveryId = Brand<string, 'DeliveryId'>;

/** What became of a delivery. */
export type DeliveryOutcome =
  /** Accepted, and not yet processed. */
  | 'processing'
  /** It created a task. */
  | 'submitted'
  /** It finished a task that waited for it. */
  | 'completed'
  /** No task waits for it yet: it is kept until one does, or until it is too old. */
  | 'early'
  /** No rule of the hook is for it. */
  | 'ignored'
  /** It could not be processed; the error says why. */
  | 'failed'
  /** Not accepted: its signature was wrong, or it was too large. */
  | 'refused'
  /** It had come before. */
  | 'duplicate';

/** A verified delivery, as it came. */
export interface NewDelivery {
  readonly id: DeliveryId;
  readonly hookId: string;
  /** The sender's own id of the event, where it has one. */
  readonly eventId: string | null;
  /** Of the raw body. */
  readonly digest: string;
  /** Without what proves the sender. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly encoding: 'utf8' | 'base64';
}

/** What processing needs of a delivery. */
export interface KeptDelivery extends Omit<NewDelivery, 'digest' | 'eventId'> {
  readonly outcome: DeliveryOutcome;
}

/** A delivery in a list. */
export interface ListedDelivery {
  readonly id: DeliveryId;
  /** Epoch ms. */
  readonly at: number;
  readonly outcome: DeliveryOutcome;
  readonly eventId?: string;
  readonly taskId?: TaskId;
  /** The delivery that came first. */
  readonly duplicateOf?: DeliveryId;
  readonly error?: TaskError;
}

export type Received = { readonly kind: 'accepted' | 'duplicate'; readonly deliveryId: DeliveryId };

/** What processing found. */
export interface DeliveryResult {
  readonly outcome: Exclude<DeliveryOutcome, 'processing' | 'refused' | 'duplicate'>;
  readonly taskId?: TaskId;
  readonly error?: TaskError;
}

/** A task that waits for an event. */
export interface EventWaiter {
  readonly taskId: TaskId;
  readonly fence: number;
  /** The object that keeps the task. */
  readonly object: string;
}

/** An event that is to finish a task. */
export interface EventOffer {
  /** The delivery that brought it: one delivery has at most one effect. */
  readonly id: DeliveryId;
  readonly hookId: string;
  /** The object that keeps the delivery. */
  readonly home: string;
  readonly correlation: string;
  readonly output: Json;
}

/** Where an offered event stands. `matched` names the one task it may finish, whoever asks and however often. */
export type OfferState = { readonly state: 'matched'; readonly waiter: EventWaiter } | { readonly state: 'early' } | DoneOffer;

export interface DoneOffer {
  readonly state: 'done';
  /** The task that took it; none when it was refused. */
  readonly taskId?: TaskId;
}

/**
 * What the task said: it `took` the event, it no longer waits (`gone`), or its type has `refused` the output. A task that
 * refused one waits on.
 */
export type OfferResult = 'took' | 'gone' | 'refused';

/** What one object tells another, once. */
export type Post =
  | (EventWaiter & { readonly type: 'waiter.add'; readonly correlation: string })
  | { readonly type: 'waiter.remove'; readonly taskId: TaskId; readonly fence: number };

export interface NumberedPost {
  /** Rising among the posts of one sender, never used again. */
  readonly sequence: number;
  readonly post: Post;
}

/** The part of an object that deliveries, events and posts go to. Every method may be called twice with the same arguments. */
export interface EventsObject {
  /** Keeps a verified delivery and begins its processing, or recognizes one that came before. The answer follows durability. */
  receiveDelivery(delivery: NewDelivery): Promise<Received>;
  /** Notes a delivery that was not accepted. */
  refuseDelivery(id: DeliveryId, hookId: string, error: TaskError): Promise<void>;
  /** Newest first, below `before`. */
  listDeliveries(hookId: string, before: string | null, limit: number): Promise<ListedDelivery[]>;
  readDelivery(id: DeliveryId): Promise<KeptDelivery | null>;
  settleDelivery(id: DeliveryId, result: DeliveryResult): Promise<void>;
  /** Brings an event to its meeting. */
  offerEvent(offer: EventOffer): Promise<OfferState>;
  readOffer(id: DeliveryId): Promise<{ readonly offer: EventOffer; readonly state: OfferState } | null>;
  /** Says what came of an offer to a waiter; answers where the event stands now. */
  settleOffer(id: DeliveryId, waiter: EventWaiter, result: OfferResult): Promise<OfferState>;
  /** Posts of another object, in order. Those known are skipped. */
  takePosts(sender: string, posts: readonly NumberedPost[]): Promise<void>;
}
