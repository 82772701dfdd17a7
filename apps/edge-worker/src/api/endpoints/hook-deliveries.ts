import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { DeliveryId, ListedDelivery, NewDelivery } from '@errand/core/hook-delivery';
import { EARLY_EVENT_LIFE_MS } from '@errand/core/ledger/meeting';
import type { LedgerObject } from '@errand/core/ledger-object';
import { homeOfHook, objectName } from '../../address.ts';
import type { Hook } from '../../catalog/hooks.ts';
import { isHookId, mintDeliveryId } from '../../webhooks/event-ids.ts';
import { presetOf } from '../../webhooks/preset.ts';
import { notFound } from '../addressed.ts';
import { defineEndpoint } from '../endpoint.ts';
import { answerPage, pageQuery } from '../page.ts';
import { Problem } from '../problem.ts';
import { readBytes } from '../read-body.ts';
import { answers, byId, pageOf } from '../schemas.ts';
import type { Service } from '../service.ts';
import { hookIn } from './hooks.ts';

/** The largest body of a delivery: 1 MiB. */
const MAX_DELIVERY_BYTES = 1_048_576;
/** Names of headers that may hold a credential or a signature: they are not kept with the delivery. */
const PROOFS = /^(?:authorization|proxy-authorization|cookie|.*signature.*|.*token.*|.*api-?key.*|.*secret.*)$/;
const MAX_HEADER_LENGTH = 2_048;
const tags = ['Third parties'];
const AcceptedSchema = z.object({ deliveryId: z.string(), duplicate: z.boolean().optional() });
const DeliverySchema = z
  .object({
    id: z.string(),
    receivedAt: z.iso.datetime(),
    outcome: z.enum(['processing', 'submitted', 'completed', 'early', 'expired', 'ignored', 'failed', 'refused', 'duplicate']),
    eventId: z.string().optional(),
    taskId: z.string().optional(),
    duplicateOf: z.string().optional(),
    error: z.object({ code: z.string(), message: z.string(), details: z.any().optional() }).optional(),
  })
  .openapi('Delivery');

/**
 * Takes an event from a third party. It is verified on its raw bytes, stored and answered; a task of the service processes it
 * afterwards.
 */
export const receiveDelivery = defineEndpoint({
  method: 'post',
  path: '/v1/hooks/{id}',
  scope: 'none',
  docs: {
    summary: 'Deliver an event to a hook',
    description:
      'The signature is the proof; no key is needed. An event that came before, by its id or its body, is 200 and changes nothing.',
    tags,
    request: byId,
    responses: { ...answers(202, 'It is kept, and will be processed', AcceptedSchema), 200: { description: 'It came before' } },
  },
  async handle({ service, request, params }) {
    const id = params['id'] ?? '';
    const now = service.now();
    const hook = isHookId(id) ? await service.hooks.find(id, now) : undefined;
    if (hook === undefined) throw notFound();
    const home = await homeOf(service, hook);
    const deliveryId = mintDeliveryId(now, service.randomBytes);
    const refuse = async (problem: Problem): Promise<never> => {
      await home.refuseDelivery(deliveryId, hook.id, { code: problem.code, message: problem.message, retryable: false });
      throw problem;
    };
    const body = await readBytes(request, MAX_DELIVERY_BYTES).catch((fault: unknown) => {
      if (fault instanceof Problem) return refuse(fault);
      throw fault;
    });
    const secrets = await service.hooks.secrets(hook.id, now);
    const verified = presetOf(hook.preset)?.verify({ headers: request.headers, body }, secrets, now, hook.options);
    if (verified === undefined || !verified.ok)
      return refuse(new Problem(401, 'bad_signature', verified?.reason ?? 'The hook has no way to verify this.'));
    const received = await home.receiveDelivery(deliveryOf(deliveryId, hook, verified.eventId, request.headers, body));
    const duplicate = received.kind === 'duplicate';
    return Response.json({ deliveryId: received.deliveryId, ...(duplicate ? { duplicate } : {}) }, { status: duplicate ? 200 : 202 });
  },
});

/** Lists what came to a hook, and what became of each delivery. */
export const listDeliveries = defineEndpoint({
  method: 'get',
  path: '/v1/hooks/{id}/deliveries',
  scope: 'hooks:write',
  docs: {
    summary: 'Deliveries of a hook',
    description: 'All of the last seven days, refused and repeated ones too (the newest thousand of those), newest first.',
    tags,
    request: { ...byId, query: pageQuery },
    responses: answers(200, 'A page, newest first', pageOf(DeliverySchema)),
  },
  async handle(call) {
    const { service } = call;
    const hook = await hookIn(call);
    const home = await homeOf(service, hook);
    return answerPage(call, {
      about: `${hook.id} deliveries`,
      read: (position, limit) => home.listDeliveries(hook.id, position, limit),
      positionOf: ({ id }) => id,
      viewOf: (delivery) => viewOf(delivery, service.now()),
    });
  },
});

async function homeOf(service: Service, { id, namespace: name }: Hook): Promise<LedgerObject> {
  const namespace = await service.namespaces.find(name, service.now());
  if (namespace === undefined) throw notFound();
  return service.objects.get(objectName(name, homeOfHook(namespace, id)));
}

function deliveryOf(id: DeliveryId, hook: Hook, eventId: string | null, headers: Headers, body: Uint8Array): NewDelivery {
  const text = asText(body);
  return {
    id,
    hookId: hook.id,
    eventId,
    digest: createHash('sha256').update(body).digest('base64url'),
    headers: Object.fromEntries([...headers].filter(([name, value]) => !PROOFS.test(name) && value.length <= MAX_HEADER_LENGTH)),
    body: text ?? Buffer.from(body).toString('base64'),
    encoding: text === undefined ? 'base64' : 'utf8',
  };
}

/** The bytes as text; `undefined` where they are no UTF-8, or hold a NUL, which ends text in some SQLite drivers. */
function asText(body: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

function viewOf({ id, at, outcome, eventId, taskId, duplicateOf, error }: ListedDelivery, now: number): Record<string, unknown> {
  return {
    id,
    receivedAt: new Date(at).toISOString(),
    outcome: outcome === 'early' && at < now - EARLY_EVENT_LIFE_MS ? 'expired' : outcome,
    eventId,
    taskId,
    duplicateOf,
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message, details: error.details } }),
  };
}
