/** The task types that the order story publishes, and what its hook does: plain data, as any client would send it. */

import { createClient } from '@errand/client/client';
import type { Connection } from '@errand/client/request';

const text = { type: 'string', minLength: 1 } as const;

/** Charges an order at the payment provider; a 202 is finished by the provider's webhook. */
export const paymentCapture = {
  name: 'payment.capture',
  version: 1,
  kind: 'integration',
  title: 'Charge an order',
  inputSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['order', 'amount', 'currency'],
    properties: { order: text, amount: { type: 'integer', minimum: 1 }, currency: { enum: ['EUR', 'USD', 'GBP'] } },
  },
  outputSchema: {
    type: 'object',
    required: ['id', 'status', 'amount', 'currency', 'order'],
    properties: { id: text, status: { const: 'succeeded' }, amount: { type: 'integer' }, currency: text, order: text },
  },
  retry: { maxAttempts: 6, initialInterval: 'PT0.2S', backoffCoefficient: 2, maxInterval: 'PT2S', jitter: 'full' },
  timeouts: { startToClose: 'PT10S' },
  tags: ['order-story'],
  request: {
    connection: 'psp',
    method: 'POST',
    path: '/charges',
    body: { order: '${input.order}', amount: '${input.amount}', currency: '${input.currency}' },
    output: '${response.body}',
    waitFor: 'event',
    waitWhen: '${response.status == 202}',
    correlation: '${response.body.id}',
  },
} as const;

/** Asks a person of the group `ops` whether a suspicious order is to be refunded. */
export const refundApprove = {
  name: 'refund.approve',
  version: 1,
  kind: 'manual',
  title: 'Decide on a suspicious order',
  description: 'The order is unusually large, or its customer asks for the money back.',
  inputSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['order', 'customer', 'amount', 'currency', 'reason'],
    properties: { order: text, customer: text, amount: { type: 'integer', minimum: 0 }, currency: text, reason: text },
  },
  outputSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['decision'],
    properties: {
      decision: { type: 'string', enum: ['approve', 'reject'], title: 'Decision' },
      comment: { type: 'string', maxLength: 1_000, title: 'Comment' },
    },
  },
  candidates: { users: [], groups: ['ops'] },
  dueIn: 'P2D',
  tags: ['order-story'],
} as const;

/** A hook that finishes the payment waiting for the charge which a webhook names. */
export function chargeHook(webhookSecret: string) {
  return {
    name: 'psp-charges',
    preset: 'standard-webhooks',
    secrets: [webhookSecret],
    on: [{ when: "${event.type == 'charge.succeeded'}", complete: { correlation: '${event.data.id}', output: '${event.data}' } }],
  };
}

/** Publishes the story's types; those that are there already stay as they are. */
export async function publishStoryTypes(to: Connection): Promise<void> {
  const client = createClient(to);
  for (const type of [paymentCapture, refundApprove]) await client.publishType(type);
}
