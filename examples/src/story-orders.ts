/** Takes one order through its tasks: its price, then its payment or a person's decision. */
import type { Client } from '@errand/client/client';
import { ProblemError, type Problem } from '@errand/client/problem-error';
import { isTerminal, type BatchItem, type Task, type TaskRequest } from '@errand/client/types';
import { memoryKey, type Remembered } from './story-memory.ts';

/** An order as a line of the file has it; only what the story itself looks at is known of it. */
export interface Order {
  readonly id: string;
  readonly customer?: unknown;
  readonly refundRequested?: unknown;
}

/** What became of an order. `stage` is the task that it came to last. */
export type Fate =
  | { readonly kind: 'completed'; readonly stage: string }
  | { readonly kind: 'waiting'; readonly stage: string; readonly status: string }
  | { readonly kind: 'failed'; readonly stage: string; readonly reason: string }
  | { readonly kind: 'refused'; readonly stage: string; readonly problem: Problem };

/** What the stages need. `deadline` (epoch ms) is when what is still open counts as waiting. */
export interface Stages {
  readonly client: Client;
  readonly deadline: number;
  readonly remembered: Remembered;
}

interface Priced {
  readonly order: string;
  readonly currency: string;
  readonly total: number;
}

/** Totals from here on are looked at by a person: 5,000.00 in minor units. */
export const UNUSUAL_TOTAL = 500_000;
/** Tries of one order that a batch turned away for a moment. */
const TRIES = 5;
/** A submit may wait for the task's end; longer waits are long polls, which survive a restart of the service. */
const PAYMENT_WAIT_SECONDS = 5;

/** Submits a chunk of orders to be priced; the answers are in the same order. */
export async function submitForPricing({ client, remembered }: Stages, orders: readonly Order[]): Promise<readonly BatchItem[]> {
  let items: (BatchItem | undefined)[] = orders.map((order) => {
    const id = remembered.get(memoryKey('order.price', order.id));
    return id === undefined ? undefined : { status: 200, task: { id, status: 'queued' } };
  });
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const pending = orders.filter((_, at) => isOpen(items[at]));
    if (pending.length === 0) break;
    if (attempt > 1) await new Promise((resolve) => setTimeout(resolve, 250 * attempt));
    const answers = [...(await client.batch(pending.map(pricingTask)))];
    if (answers.length !== pending.length) throw new Error(`a batch of ${pending.length} got ${answers.length} answers`);
    items = items.map((item) => (isOpen(item) ? answers.shift() : item));
  }
  return items.filter((item) => item !== undefined);
}

function pricingTask(order: Order) {
  return {
    type: 'order.price',
    version: 1,
    input: order,
    tags: ['order-story'],
    metadata: { order: order.id },
    idempotencyKey: `order-price-${order.id}`,
  };
}

/** Not submitted yet, or turned away for a moment. */
function isOpen(item: BatchItem | undefined): boolean {
  return item === undefined || [409, 429, 500, 503].includes(item.status);
}

/** Follows an order from its place in the batch to its end, or to where it waits. */
export async function followOrder(stages: Stages, order: Order, item: BatchItem): Promise<Fate> {
  if (!('task' in item)) return refusedOrFailed('order.price', item.problem);
  const priced = await stages.client.waitForEnd<Priced>(item.task.id, stages.deadline);
  if (priced.status !== 'completed' || priced.output === undefined) return fateOf('order.price', priced);
  const reason = suspicion(order, priced.output);
  return reason === undefined ? await charge(stages, priced.output) : await review(stages, order, priced.output, reason);
}

function suspicion(order: Order, priced: Priced): string | undefined {
  if (order.refundRequested === true) return 'the customer asks for a refund';
  return priced.total >= UNUSUAL_TOTAL ? 'the total is unusually high' : undefined;
}

async function charge(stages: Stages, { order, total, currency }: Priced): Promise<Fate> {
  const request = {
    type: 'payment.capture',
    version: 1,
    input: { order, amount: total, currency },
    tags: ['order-story'],
    metadata: { order },
  };
  return await asFate('payment.capture', async () => {
    const task = await submitOnce(stages, request, { key: `payment-capture-${order}`, order, waitSeconds: PAYMENT_WAIT_SECONDS });
    return isTerminal(task.status) ? task : await stages.client.waitForEnd(task.id, stages.deadline);
  });
}

/** A person has all the time in the world, so this does not wait for the decision. */
async function review(stages: Stages, order: Order, priced: Priced, reason: string): Promise<Fate> {
  const input = { order: order.id, customer: String(order.customer), amount: priced.total, currency: priced.currency, reason };
  const request = { type: 'refund.approve', version: 1, input, tags: ['order-story'], metadata: { order: order.id } };
  return await asFate('refund.approve', () =>
    submitOnce(stages, request, { key: `refund-approve-${order.id}`, order: order.id, waitSeconds: 0 }),
  );
}

async function submitOnce(
  stages: Stages,
  request: TaskRequest,
  { key, order, waitSeconds }: { key: string; order: string; waitSeconds: number },
): Promise<Task> {
  const known = stages.remembered.get(memoryKey(request.type, order));
  if (known !== undefined) return await stages.client.getTask(known);
  return (await stages.client.submit(request, { idempotencyKey: key, waitSeconds })).task;
}

async function asFate(stage: string, work: () => Promise<Task>): Promise<Fate> {
  try {
    return fateOf(stage, await work());
  } catch (error) {
    if (error instanceof ProblemError) return refusedOrFailed(stage, error.problem);
    throw error;
  }
}

function fateOf(stage: string, task: Task): Fate {
  if (task.status === 'completed') return { kind: 'completed', stage };
  if (!isTerminal(task.status)) return { kind: 'waiting', stage, status: task.status };
  return { kind: 'failed', stage, reason: task.error ? `${task.error.code}: ${task.error.message}` : task.status };
}

/** Content that the service will not take is a refusal; anything else that stops an order is a failure with its reason. */
function refusedOrFailed(stage: string, problem: Problem): Fate {
  if (stage === 'order.price' && problem.status === 422) return { kind: 'refused', stage, problem };
  return { kind: 'failed', stage, reason: `${problem.status} ${problem.code ?? ''}: ${problem.detail ?? problem.title ?? ''}` };
}
