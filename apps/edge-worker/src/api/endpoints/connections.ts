import { z } from '@hono/zod-openapi';
import { connectionPosition, type ConnectionView } from '../../catalog/connections.ts';
import { notFound } from '../addressed.ts';
import { ConnectionBodySchema, ConnectionName, readConnection } from '../connection-body.ts';
import { defineEndpoint, type KeyedCall } from '../endpoint.ts';
import { answerPage, pageQuery } from '../page.ts';
import { Problem } from '../problem.ts';
import { readJsonObject } from '../read-body.ts';
import { answers, body, pageOf } from '../schemas.ts';

const ConnectionSchema = z
  .object({
    name: z.string(),
    baseUrl: z.string(),
    auth: z.object({ type: z.string(), in: z.string().optional(), name: z.string().optional() }),
    version: z.int(),
    createdAt: z.iso.datetime(),
  })
  .openapi('Connection');
const byName = { params: z.object({ name: z.string() }) };
const tags = ['Third parties'];

/** Stores a third party's base URL and the credential for it. No answer ever shows the credential's secrets. */
export const createConnection = defineEndpoint({
  method: 'post',
  path: '/v1/connections',
  scope: 'connections:write',
  docs: {
    summary: 'Create a connection',
    description: 'The answer never holds the secrets. A name that is taken is 409: replace it with PUT.',
    tags,
    request: body(ConnectionBodySchema),
    responses: answers(201, 'The connection, without its secrets', ConnectionSchema),
  },
  async handle({ service, namespace, request }) {
    const connection = readConnection(await readJsonObject(request), service.egress);
    const created = await service.connections.create(namespace.name, connection, service.now());
    if (created === undefined) {
      const detail = `There is a connection "${connection.name}" already. Replace it with PUT /v1/connections/${connection.name}.`;
      throw new Problem(409, 'connection_exists', detail);
    }
    return Response.json(viewOf(created), { status: 201, headers: { location: `/v1/connections/${created.name}` } });
  },
});

/** Creates a connection, or replaces all of one. Calls use the new one everywhere within ten seconds. */
export const putConnection = defineEndpoint({
  method: 'put',
  path: '/v1/connections/{name}',
  scope: 'connections:write',
  docs: {
    summary: 'Create or replace a connection',
    tags,
    request: { ...byName, ...body(ConnectionBodySchema.partial({ name: true })) },
    responses: answers(200, 'The connection, without its secrets', ConnectionSchema),
  },
  async handle({ service, namespace, request, params }) {
    const given = await readJsonObject(request);
    const name = params['name'] ?? '';
    if (given['name'] !== undefined && given['name'] !== name)
      throw new Problem(422, 'input_invalid', 'Nothing was changed.', {
        errors: [{ pointer: '#/name', detail: 'is not the name in the path' }],
      });
    const connection = readConnection({ ...given, name }, service.egress);
    const { view, created } = await service.connections.put(namespace.name, connection, service.now());
    return Response.json(viewOf(view), { status: created ? 201 : 200 });
  },
});

/** Lists the connections of the namespace, newest first. */
export const listConnections = defineEndpoint({
  method: 'get',
  path: '/v1/connections',
  scope: 'connections:write',
  docs: {
    summary: 'List connections',
    tags,
    request: { query: pageQuery },
    responses: answers(200, 'A page, newest first', pageOf(ConnectionSchema)),
  },
  handle(call) {
    const { service, namespace } = call;
    return answerPage(call, {
      about: `${namespace.name} connections`,
      read: (position, limit) => service.connections.list(namespace.name, position, limit),
      positionOf: connectionPosition,
      viewOf,
    });
  },
});

/** Reads a connection, without its secrets. */
export const readConnectionByName = defineEndpoint({
  method: 'get',
  path: '/v1/connections/{name}',
  scope: 'connections:write',
  docs: {
    summary: 'Read a connection',
    tags,
    request: byName,
    responses: answers(200, 'The connection, without its secrets', ConnectionSchema),
  },
  async handle(call) {
    const found = await call.service.connections.find(call.namespace.name, nameIn(call));
    if (found === undefined) throw notFound();
    return Response.json(viewOf(found));
  },
});

/** Removes a connection. Tasks that need it fail with `connection_not_found` until there is one of that name again. */
export const deleteConnection = defineEndpoint({
  method: 'delete',
  path: '/v1/connections/{name}',
  scope: 'connections:write',
  docs: { summary: 'Delete a connection', tags, request: byName, responses: answers(204, 'It is gone') },
  async handle(call) {
    if (!(await call.service.connections.remove(call.namespace.name, nameIn(call)))) throw notFound();
    return new Response(null, { status: 204 });
  },
});

/** The connection's name in the path. Throws a 404 for a text that no connection can be called. */
export function nameIn({ params }: KeyedCall): string {
  const name = ConnectionName.safeParse(params['name']);
  if (!name.success) throw notFound();
  return name.data;
}

function viewOf(view: ConnectionView): Record<string, unknown> {
  return { ...view, createdAt: new Date(view.createdAt).toISOString() };
}
