/**
 * The load of the kill cycles: clients that submit, cancel, claim and complete, and a book of what they were told. What was
 * asked and not answered is asked again after the restart under the same key, as every client should.
 */
import { paymentCapture } from '@errand/examples/story-types';
import type { RunningService } from '../service/running-service.ts';

/** A task that a client wants, and what the service said of it. */
export interface Wanted {
  readonly key: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** How it must end. */
  readonly end: 'completed' | 'canceled';
  readonly output?: unknown;
  readonly notBefore?: number;
  /** What the third party is to be paid for, once. */
  readonly order?: string;
  /** Its id, once it was acknowledged. */
  id?: string;
  /** Further words of the service: `claimed`, `canceled`, `completed`. */
  readonly told: Set<string>;
}

/** The automated types that every development service has, and a manual one of our own. */
export const MANUAL_TYPE = { name: 'chaos.approve', version: 1, kind: 'manual', inputSchema: {}, outputSchema: {} };
/** A charge at the example third party, which breaks, loses answers and is busy at times; kills may cost attempts on top. */
export const CHARGE_TYPE = { ...paymentCapture, name: 'chaos.charge', retry: { ...paymentCapture.retry, maxAttempts: 50 } };
/** Kills cost attempts: whoever is at work in many of them must not run out. */
const RETRY = { maxAttempts: 50, initialInterval: 'PT0.2S', maxInterval: 'PT1S' };
/** Clients at a time. */
const CLIENTS = 32;
/** Tasks of one batch. */
const BATCH = 20;
/** Wanted tasks of one cycle; more would only make the recount longer. */
const MAX_PER_CYCLE = 3_000;
/** Longest pause of a client between two requests, so that a kill finds all of them at work. */
const PAUSE_MS = 10;

export class Load {
  readonly wanted: Wanted[] = [];
  /** Requests that ended without an answer. */
  unanswered = 0;
  /** Answers that no client should ever see. */
  readonly surprises: string[] = [];
  readonly #random: () => number;
  readonly #name: string;

  /** `random` makes the load; the same seed makes the same one, as far as time lets it. */
  constructor(name: string, random: () => number) {
    this.#name = name;
    this.#random = random;
  }

  /** Lets the clients work until the service is gone or `stop` says so. */
  async run(service: RunningService, stop: AbortSignal): Promise<void> {
    const end = this.wanted.length + MAX_PER_CYCLE;
    const unsure = this.wanted.filter(({ id }) => id === undefined);
    const client = async (): Promise<void> => {
      while (!stop.aborted) {
        const again = unsure.shift();
        try {
          if (again !== undefined) await this.#submit(service, again);
          else if (this.wanted.length < end) await this.#work(service);
          else return;
          await new Promise((done) => setTimeout(done, this.#random() * PAUSE_MS));
        } catch {
          this.unanswered += 1;
          return;
        }
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
  }

  /** Asks again for everything that was never acknowledged. */
  async settle(service: RunningService): Promise<void> {
    for (const one of this.wanted) if (one.id === undefined) await this.#submit(service, one);
  }

  #work(service: RunningService): Promise<void> {
    const dice = this.#random();
    if (dice < 0.1) return this.#batch(service);
    if (dice < 0.2) return this.#manual(service);
    if (dice < 0.3) return this.#cancel(service);
    if (dice < 0.4) return this.#submit(service, this.#flaky());
    if (dice < 0.5) return this.#submit(service, this.#charge());
    if (dice < 0.6) return this.#submit(service, this.#scheduled());
    if (dice < 0.7) return this.#submit(service, this.#sleep());
    return this.#submit(service, this.#sum());
  }

  #sum(): Wanted {
    const n = this.wanted.length;
    return this.#want({ type: 'example.sum', input: { a: n, b: 1 } }, { output: { sum: n + 1 } });
  }

  #flaky(): Wanted {
    return this.#want({ type: 'example.flaky', input: { failures: 1, value: 7 } }, { output: { value: 7, attempt: 2 } });
  }

  #sleep(): Wanted {
    const ms = Math.floor(this.#random() * 400);
    return this.#want({ type: 'example.sleep', input: { ms } }, { output: { ms } });
  }

  #charge(): Wanted {
    const order = `order-${this.wanted.length}`;
    return this.#want({ type: CHARGE_TYPE.name, input: { order, amount: 100, currency: 'EUR' } }, { order });
  }

  /** Due soon: before the kill, while the service is down, or after. */
  #scheduled(): Wanted {
    const notBefore = Date.now() + Math.floor(this.#random() * 2_000);
    const body = { type: 'example.sum', input: { a: 1, b: 1 }, scheduledFor: new Date(notBefore).toISOString() };
    return this.#want(body, { output: { sum: 2 }, notBefore });
  }

  async #batch(service: RunningService): Promise<void> {
    const wanted = Array.from({ length: BATCH }, () => this.#sum());
    const tasks = wanted.map(({ key, body }) => ({ ...body, idempotencyKey: key }));
    const { status, body } = await service.call('POST', '/v1/tasks:batch', { tasks });
    if (status !== 207) return this.#surprise('batch', status, body);
    wanted.forEach((one, i) => {
      const item = body.items[i];
      if (item.status === 201 || item.status === 200) one.id = item.task.id;
      else this.#surprise('batch item', item.status, item);
    });
  }

  async #cancel(service: RunningService): Promise<void> {
    const one = this.#want({ type: 'example.sleep', input: { ms: 120_000 }, timeouts: { startToClose: 'PT5M' } }, { end: 'canceled' });
    await this.#submit(service, one);
    await this.cancel(service, one);
  }

  async #manual(service: RunningService): Promise<void> {
    const one = this.#want({ type: MANUAL_TYPE.name, input: {} }, { output: { approved: true } });
    await this.#submit(service, one);
    if (this.#random() < 0.5) return;
    await this.claim(service, one);
    if (this.#random() < 0.5) await this.complete(service, one);
  }

  async cancel(service: RunningService, one: Wanted): Promise<void> {
    const { status, body } = await service.call('POST', `/v1/tasks/${one.id}/cancel`, {});
    if (status === 200) one.told.add('canceled');
    else if (status !== 409 || !one.told.has('canceled')) this.#surprise('cancel', status, body);
  }

  async claim(service: RunningService, one: Wanted): Promise<void> {
    const { status, body } = await service.call('POST', `/v1/tasks/${one.id}/claim`, {});
    if (status === 200) one.told.add('claimed');
    else this.#surprise('claim', status, body);
  }

  async complete(service: RunningService, one: Wanted): Promise<void> {
    const { status, body } = await service.call('POST', `/v1/tasks/${one.id}/complete`, { output: one.output });
    if (status === 200) one.told.add('completed');
    else this.#surprise('complete', status, body);
  }

  async #submit(service: RunningService, one: Wanted): Promise<void> {
    const { status, body } = await service.call('POST', '/v1/tasks', one.body, { 'idempotency-key': one.key });
    if (status === 201 || status === 200) one.id = body.id;
    else if (status !== 503) this.#surprise('submit', status, body);
  }

  #want(
    body: { readonly type: string; readonly [member: string]: unknown },
    rest: Partial<Pick<Wanted, 'end' | 'output' | 'notBefore' | 'order'>>,
  ): Wanted {
    const automated = body.type.startsWith('example.');
    const one: Wanted = {
      key: `${this.#name}-${this.wanted.length}`,
      body: { ...body, ...(automated ? { retry: RETRY } : {}) },
      end: 'completed',
      told: new Set(),
      ...rest,
    };
    this.wanted.push(one);
    return one;
  }

  #surprise(what: string, status: number, body: unknown): void {
    this.surprises.push(`${what}: ${status} ${JSON.stringify(body).slice(0, 300)}`);
  }
}
