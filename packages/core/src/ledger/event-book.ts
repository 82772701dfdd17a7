/** The part of a ledger that deliveries of hooks, events and posts go to. Its tables are written in the ledger's own commits. */
import type {
  DeliveryId,
  DeliveryResult,
  EventOffer,
  EventsObject,
  EventWaiter,
  KeptDelivery,
  ListedDelivery,
  NewDelivery,
  NumberedPost,
  OfferResult,
  OfferState,
  Received,
} from '../hook-delivery.ts';
import type { LedgerPlatform } from '../ledger-platform.ts';
import type { TaskError } from '../task.ts';
import { CountedSql } from './counted-sql.ts';
import { listDeliveries, readDelivery, receive, refuse, settle } from './hook-receipts.ts';
import { offerEvent, readOffer, settleOffer } from './meeting.ts';
import type { SystemTasks } from './system-tasks.ts';
import { newPosts, PostOffice } from './posts.ts';
import { applyPost } from './wait-changes.ts';

export abstract class EventBook implements EventsObject {
  protected readonly platform: LedgerPlatform & { readonly sql: CountedSql };
  /** Sends the posts that commits wrote. */
  protected readonly office: PostOffice;

  constructor(platform: LedgerPlatform, name: string) {
    this.platform = { ...platform, sql: new CountedSql(platform.sql) };
    this.office = new PostOffice(this.platform, name, (at) => this.wakeBy(at));
  }

  /** Runs `work` in one commit of the ledger; resolves once that is durable. */
  protected abstract inCommit<T>(work: (commit: SystemTasks) => T): Promise<T>;
  /** Has the alarm ring at `at`, epoch ms, at the latest. */
  protected abstract wakeBy(at: number): void;

  receiveDelivery(delivery: NewDelivery): Promise<Received> {
    return this.inCommit((commit) => receive(this.platform.sql, delivery, commit));
  }

  refuseDelivery(id: DeliveryId, hookId: string, error: TaskError): Promise<void> {
    return this.inCommit(({ now }) => refuse(this.platform.sql, id, hookId, error, now));
  }

  async listDeliveries(hookId: string, before: string | null, limit: number): Promise<ListedDelivery[]> {
    return listDeliveries(this.platform.sql, hookId, before, limit);
  }

  async readDelivery(id: DeliveryId): Promise<KeptDelivery | null> {
    return readDelivery(this.platform.sql, id);
  }

  settleDelivery(id: DeliveryId, result: DeliveryResult): Promise<void> {
    return this.inCommit(() => settle(this.platform.sql, id, result));
  }

  offerEvent(offer: EventOffer): Promise<OfferState> {
    return this.inCommit(({ now }) => offerEvent(this.platform.sql, offer, now));
  }

  async readOffer(id: DeliveryId): Promise<{ offer: EventOffer; state: OfferState } | null> {
    return readOffer(this.platform.sql, id);
  }

  settleOffer(id: DeliveryId, waiter: EventWaiter, result: OfferResult): Promise<OfferState> {
    return this.inCommit((commit) => settleOffer(this.platform.sql, id, waiter, result, commit));
  }

  takePosts(sender: string, posts: readonly NumberedPost[]): Promise<void> {
    return this.inCommit((commit) => {
      for (const post of newPosts(this.platform.sql, sender, posts)) applyPost(this.platform.sql, post, commit);
    });
  }
}
