/**
 * Deliveries of hooks, and the events that they bring to waiting tasks: what ledgers keep of them and tell each other. Three ledgers may
 * take part. The hook's home keeps the delivery. The meeting, which the correlation alone determines, is where the event and the task
 * that waits for it find each other. The task's own ledger takes the result.
 */
import type { Brand } from './brand.ts';
import type { TaskId } from './id.ts';
import type { Json } from './json.ts';
import type { TaskError } from './task.ts';

/** The id of a delivery: `delivery_` and 26 characters, time-ordered. */
export type DeliveryId = Brand<string, 'DeliveryId'>;

/** What became of a delivery. */
export type DeliveryOutcome =
  /** Accepted, and not processed yet. */
  | 'processing'
  /** Its event created a task. */
  | 'submitted'
  /** Its event finished a task that waited for it. */
  | 'completed'
  /** No task waits for its event yet: it is kept until one does, or until it is too old. */
  | 'early'
  /** No rule of the hook was for its event. */
  | 'ignored'
  /** It could not be processed; the error says why. */
  | 'failed'
  /** Not accepted: its signature was wrong, or it was too large. */
  | 'refused'
  /** The same event had come before. */
  | 'duplicate';

/** A delivery that was verified, as it came. */
export interface NewDelivery {
  readonly id: DeliveryId;
  readonly hookId: string;
  /** The sender's own id of the event, where it has one. */
  readonly eventId: string | null;
  /** Of the raw body. By it a repetition is known whose sender gives its events no ids. */
  readonly digest: string;
  /** Without those that prove the sender. */
  readonly headers: Readonly<Record<string, string>>;
  /** The raw body, in `encoding`. */
  readonly body: string;
  readonly encoding: 'utf8' | 'base64';
}

/** A delivery as the task that processes it reads it. */
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
  /** The task that it created or finished. */
  readonly taskId?: TaskId;
  /** Of a duplicate: the delivery that came first. */
  readonly duplicateOf?: DeliveryId;
  readonly error?: TaskError;
}

/** What became of a verified delivery: it is kept, or it is the repetition of the one named. */
export type Received = { readonly kind: 'accepted' | 'duplicate'; readonly deliveryId: DeliveryId };

/** What processing a delivery came to. */
export interface DeliveryResult {
  readonly outcome: Exclude<DeliveryOutcome, 'processing' | 'refused' | 'duplicate'>;
  readonly taskId?: TaskId;
  readonly error?: TaskError;
}

/** A task that waits for an event, as its meeting knows it. */
export interface EventWaiter {
  readonly taskId: TaskId;
  /** The attempt that began the wait: a later one of the same task waits for an event of its own. */
  readonly fence: number;
  /** Name of the object that keeps the task. */
  readonly object: string;
}

/** An event that is offered to whichever task waits for its correlation. */
export interface EventOffer {
  /** The delivery that brought it, which finishes one task at most. */
  readonly id: DeliveryId;
  readonly hookId: string;
  /** Name of the object that keeps the delivery. */
  readonly home: string;
  readonly correlation: string;
  readonly output: Json;
}

/**
 * Where an offer stands. `early`: no task waits for it yet. `matched`: it may finish this one task and no other, however often it is
 * asked, until the task has answered. `done`: a task took it, or refused it.
 */
export type OfferState = { readonly state: 'matched'; readonly waiter: EventWaiter } | { readonly state: 'early' } | DoneOffer;

/** An offer that is over. */
export interface DoneOffer {
  readonly state: 'done';
  /** The task that took it; none when it was refused. */
  readonly taskId?: TaskId;
}

/**
 * What the matched task said: it `took` the event, it no longer waits (`gone`), or the output does not fit its type (`refused`). A task
 * that refused one goes on waiting.
 */
export type OfferResult = 'took' | 'gone' | 'refused';

/** What one ledger tells another, exactly once: that a task of its has begun, or has ceased, to wait at the other's meeting. */
export type Post =
  | (EventWaiter & { readonly type: 'waiter.add'; readonly correlation: string })
  | { readonly type: 'waiter.remove'; readonly taskId: TaskId; readonly fence: number };

/** A post with the number by which its receiver knows whether it has come before. */
export interface NumberedPost {
  /** Rises with each post of a sender to anybody; never used again. */
  readonly sequence: number;
  readonly post: Post;
}

/** The methods of an object that deliveries, events and posts go to. To call one again with the same arguments changes nothing more. */
export interface EventsObject {
  /** As the hook's home: keeps a verified delivery and begins to process it, or says which one it repeats. Answers once that is durable. */
  receiveDelivery(delivery: NewDelivery): Promise<Received>;
  /** As the hook's home: notes a delivery that was not accepted, for the list. */
  refuseDelivery(id: DeliveryId, hookId: string, error: TaskError): Promise<void>;
  /** At most `limit` deliveries of a hook, newest first, with ids below `before`. */
  listDeliveries(hookId: string, before: string | null, limit: number): Promise<ListedDelivery[]>;
  readDelivery(id: DeliveryId): Promise<KeptDelivery | null>;
  /** Writes what processing a delivery came to. */
  settleDelivery(id: DeliveryId, result: DeliveryResult): Promise<void>;
  /** As the meeting: takes an event, matches it with a waiter where there is one, and says where it stands. */
  offerEvent(offer: EventOffer): Promise<OfferState>;
  readOffer(id: DeliveryId): Promise<{ readonly offer: EventOffer; readonly state: OfferState } | null>;
  /** As the meeting: takes what the matched task said, and says where the event stands now; another waiter may be matched. */
  settleOffer(id: DeliveryId, waiter: EventWaiter, result: OfferResult): Promise<OfferState>;
  /** Takes posts of another object, in order, and skips those that it has taken before. */
  takePosts(sender: string, posts: readonly NumberedPost[]): Promise<void>;
}
