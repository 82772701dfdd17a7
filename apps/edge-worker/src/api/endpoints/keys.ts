import { z } from '@hono/zod-openapi';
import { mintKey, parseKey } from '../../catalog/api-key.ts';
import { SCOPES, type KeyPosition, type KeyRecord } from '../../catalog/keys.ts';
import { notFound } from '../addressed.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { defineEndpoint, type KeyedCall } from '../endpoint.ts';
import { MAX_AHEAD_MS, parseTime, text, texts } from '../fields.ts';
import { readLimit } from '../list-filter.ts';
import { isOperator, OPERATORS_NAMESPACE, requireOperator } from '../operator.ts';
import { invalid, parseBody } from '../parse-body.ts';
import { Problem } from '../problem.ts';
import { readJsonObject } from '../read-body.ts';
import { answers, body, byId, pageOf } from '../schemas.ts';

const PersonSchema = z.strictObject({ id: text(200), name: text(200).optional(), groups: texts(200, 200).default([]) });
const KeyBody = z
  .strictObject({
    name: text(100),
    scopes: z
      .array(z.enum(SCOPES))
      .min(1, 'must hold at least one scope')
      .refine((scopes) => new Set(scopes).size === scopes.length, 'must not hold the same scope twice'),
    person: PersonSchema.optional(),
    namespace: text(63).optional(),
    expiresAt: text(40).optional(),
  })
  .openapi('KeyBody');
const KeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    namespace: z.string(),
    scopes: z.array(z.string()),
    person: PersonSchema.optional(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().optional(),
  })
  .openapi('Key');
const ofNamespace = z.object({ namespace: z.string().optional() });

/** Makes a key. Its text is in this answer and nowhere else. */
export const createKey = defineEndpoint({
  method: 'post',
  path: '/v1/keys',
  scope: 'keys:write',
  docs: {
    summary: 'Create a key',
    description:
      'The key is shown once. It can have only scopes that the calling key has. `namespace` is for whoever runs the service: keys of `default` with namespaces:write.',
    tags: ['Keys'],
    request: body(KeyBody),
    responses: answers(201, 'The key', KeySchema.extend({ key: z.string() })),
  },
  async handle(call) {
    const { service, caller } = call;
    const {
      name,
      scopes,
      person,
      namespace = caller.namespace,
      expiresAt,
    } = parseBody(KeyBody, await readJsonObject(call.request), 'The key was not created.');
    const missing = scopes.filter((scope) => !caller.scopes.includes(scope));
    if (missing.length > 0)
      throw new Problem(403, 'missing_scope', `This key lacks ${missing.join(', ')}, so it cannot give it to another.`);
    if (namespace !== caller.namespace) requireOperator(call);
    const expires = expiresAt === undefined ? undefined : readExpiry(expiresAt, service.now());
    if ((await service.namespaces.find(namespace, service.now())) === undefined)
      throw invalid('The key was not created.', [{ pointer: '#/namespace', detail: 'there is no namespace of this name' }]);
    const { id, key } = mintKey(service.development === undefined ? 'live' : 'dev', service.randomBytes);
    const record: Omit<KeyRecord, 'keyId'> = {
      name,
      namespace,
      scopes,
      ...(person === undefined ? {} : { person: personOf(person) }),
      createdAt: service.now(),
      ...(expires === undefined ? {} : { expiresAt: expires }),
    };
    await service.keys.put(key, record);
    return Response.json({ ...keyView({ ...record, keyId: id }), key }, { status: 201, headers: { 'cache-control': 'no-store' } });
  },
});

/** Keys of the namespace, without their texts: nobody has those. */
export const listKeys = defineEndpoint({
  method: 'get',
  path: '/v1/keys',
  scope: 'keys:write',
  docs: {
    summary: 'List keys',
    tags: ['Keys'],
    request: { query: ofNamespace.extend({ limit: z.string().optional(), cursor: z.string().optional() }) },
    responses: answers(200, 'A page, newest first', pageOf(KeySchema)),
  },
  async handle(call) {
    const { service, query } = call;
    const namespace = namespaceAsked(call);
    const limit = readLimit(query);
    const about = `${namespace} keys`;
    const position = readCursor(service.cursorKey, about, query['cursor']);
    const after = position === null ? null : (JSON.parse(position) as KeyPosition);
    const found = await service.keys.list(namespace, after, limit + 1);
    const items = found.slice(0, limit);
    const last = found.length > limit ? items.at(-1) : undefined;
    const next = last === undefined ? null : JSON.stringify({ createdAt: last.createdAt, keyId: last.keyId } satisfies KeyPosition);
    return Response.json({ items: items.map(keyView), nextCursor: next === null ? null : writeCursor(service.cursorKey, about, next) });
  },
});

/** Takes a key back: in force here at once, and everywhere within ten seconds. */
export const revokeKey = defineEndpoint({
  method: 'delete',
  path: '/v1/keys/{id}',
  scope: 'keys:write',
  docs: {
    summary: 'Revoke a key',
    description: 'In force everywhere within ten seconds.',
    tags: ['Keys'],
    request: { ...byId, query: ofNamespace },
    responses: answers(204, 'It is revoked'),
  },
  async handle(call) {
    const { service, params } = call;
    const id = params['id'] ?? '';
    const namespace = namespaceAsked(call);
    if (namespace === OPERATORS_NAMESPACE && id === developmentKeyId(call))
      throw new Problem(409, 'development_key', 'The development key lives as long as its data directory. Remove that to be rid of it.');
    if (!(await service.keys.revoke(namespace, id))) throw notFound();
    return new Response(null, { status: 204 });
  },
});

function developmentKeyId({ service: { development } }: KeyedCall): string | undefined {
  return development === undefined ? undefined : parseKey(development.apiKey)?.id;
}

/** The caller's own namespace; whoever runs the service may name another. */
function namespaceAsked(call: KeyedCall): string {
  const asked = call.query['namespace'];
  if (asked === undefined || asked === call.caller.namespace) return call.caller.namespace;
  if (!isOperator(call)) throw notFound();
  return asked;
}

function readExpiry(written: string, now: number): number {
  const at = parseTime(written);
  if (at !== undefined && at > now && at <= now + MAX_AHEAD_MS) return at;
  throw invalid('The key was not created.', [
    { pointer: '#/expiresAt', detail: 'must be an RFC 3339 time to come, within ten years, such as "2030-01-01T00:00:00Z"' },
  ]);
}

function personOf({ id, name, groups }: z.output<typeof PersonSchema>): NonNullable<KeyRecord['person']> {
  return { id, groups, ...(name === undefined ? {} : { name }) };
}

function keyView({ keyId, name, namespace, scopes, person, createdAt, expiresAt }: KeyRecord): Record<string, unknown> {
  return {
    id: keyId,
    name,
    namespace,
    scopes,
    ...(person === undefined ? {} : { person }),
    createdAt: new Date(createdAt).toISOString(),
    ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }),
  };
}
