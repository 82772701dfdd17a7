import { Buffer } from 'node:buffer';
import { z } from '@hono/zod-openapi';
import { PLACES, type Namespace } from '../../catalog/namespaces.ts';
import { defineEndpoint } from '../endpoint.ts';
import { isOperator, requireOperator } from '../operator.ts';
import { answerPage, pageQuery } from '../page.ts';
import { parseBody } from '../parse-body.ts';
import { Problem } from '../problem.ts';
import { readJsonObject } from '../read-body.ts';
import { answers, body, pageOf } from '../schemas.ts';

/** Shards at each place. Every list and count asks all of them, so more would make each of those slower. */
const MAX_SHARDS = 64;
/** Bytes of a signing secret (Standard Webhooks asks for 24 to 64). */
const SECRET_BYTES = 32;

const NamespaceBody = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'must be 1 to 63 small letters, digits and "-", with no "-" at an end'),
    shards: z.int().min(1).max(MAX_SHARDS).default(1),
    places: z
      .array(z.enum(PLACES))
      .refine((places) => new Set(places).size === places.length, 'must not hold the same place twice')
      .default([]),
  })
  .openapi('NamespaceBody');
const NamespaceSchema = z
  .object({ name: z.string(), shards: z.int(), places: z.array(z.string()), createdAt: z.iso.datetime() })
  .openapi('Namespace');

/** Creates a namespace. The secret that signs its callbacks is in this answer and nowhere else. */
export const createNamespace = defineEndpoint({
  method: 'post',
  path: '/v1/namespaces',
  scope: 'namespaces:write',
  docs: {
    summary: 'Create a namespace',
    description:
      '`shards` (1 unless given, at each place) is fixed for good: an idempotency key finds its home by it. For keys of `default` only. The `signingSecret` is shown once.',
    tags: ['Namespaces'],
    request: body(NamespaceBody),
    responses: answers(201, 'The namespace', NamespaceSchema.extend({ signingSecret: z.string() })),
  },
  async handle(call) {
    const { service, request } = call;
    requireOperator(call);
    const asked = parseBody(NamespaceBody, await readJsonObject(request), 'The namespace was not created.');
    const namespace: Namespace = { ...asked, createdAt: service.now() };
    const signingSecret = `whsec_${Buffer.from(service.randomBytes(SECRET_BYTES)).toString('base64')}`;
    if (!(await service.namespaces.create(namespace, signingSecret)))
      throw new Problem(409, 'namespace_exists', `There is a namespace "${namespace.name}" already.`);
    return Response.json({ ...namespaceView(namespace), signingSecret }, { status: 201, headers: { 'cache-control': 'no-store' } });
  },
});

/** Lists all namespaces for an operator, and for everybody else their own. */
export const listNamespaces = defineEndpoint({
  method: 'get',
  path: '/v1/namespaces',
  scope: 'namespaces:write',
  docs: {
    summary: 'List namespaces',
    description: 'All of them, by name, for keys of `default`; other keys see their own.',
    tags: ['Namespaces'],
    request: { query: pageQuery },
    responses: answers(200, 'A page, by name', pageOf(NamespaceSchema)),
  },
  handle(call) {
    const { service, namespace } = call;
    return answerPage(call, {
      about: `${namespace.name} namespaces`,
      async read(position, limit) {
        const all = isOperator(call) ? await service.namespaces.list() : [namespace];
        return all.filter(({ name }) => name > (position ?? '')).slice(0, limit);
      },
      positionOf: ({ name }) => name,
      viewOf: namespaceView,
    });
  },
});

function namespaceView({ name, shards, places, createdAt }: Namespace): Record<string, unknown> {
  return { name, shards, places, createdAt: new Date(createdAt).toISOString() };
}
