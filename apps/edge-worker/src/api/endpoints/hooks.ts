import { z } from '@hono/zod-openapi';
import { hookPosition, type Hook } from '../../catalog/hooks.ts';
import { isHookId, mintHookId } from '../../webhooks/event-ids.ts';
import { notFound } from '../addressed.ts';
import { defineEndpoint, type Call, type KeyedCall } from '../endpoint.ts';
import { HookBodySchema, readHook } from '../hook-body.ts';
import { answerPage, pageQuery } from '../page.ts';
import { readJsonObject } from '../read-body.ts';
import { answers, body, byId, pageOf } from '../schemas.ts';

const HookSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string(),
    preset: z.string(),
    options: z.record(z.string(), z.any()),
    on: z.array(z.any()),
    createdAt: z.iso.datetime(),
  })
  .openapi('Hook');
const tags = ['Third parties'];

/** Creates a hook: a URL to which a third party sends its events, how it proves itself, and what its events do. */
export const createHook = defineEndpoint({
  method: 'post',
  path: '/v1/hooks',
  scope: 'hooks:write',
  docs: {
    summary: 'Create a hook',
    description:
      'The first rule of `on` whose `when` holds decides what an event does: `submit` creates a task, `complete` finishes the task that ' +
      'waits for its `correlation`. An event that comes before its task is kept for seven days. Two secrets may be live at a time.',
    tags,
    request: body(HookBodySchema),
    responses: answers(201, 'The hook, without its secrets', HookSchema),
  },
  async handle(call) {
    const { service, namespace, request } = call;
    const { name, preset, secrets, options, on } = readHook(await readJsonObject(request));
    const now = service.now();
    const hook: Hook = { id: mintHookId(service.randomBytes), namespace: namespace.name, name, preset, options, on, createdAt: now };
    await service.hooks.create(hook, secrets);
    return Response.json(viewOf(call, hook), { status: 201, headers: { location: `/v1/hooks/${hook.id}` } });
  },
});

/** Lists the hooks of the namespace, newest first. */
export const listHooks = defineEndpoint({
  method: 'get',
  path: '/v1/hooks',
  scope: 'hooks:write',
  docs: {
    summary: 'List hooks',
    tags,
    request: { query: pageQuery },
    responses: answers(200, 'A page, newest first', pageOf(HookSchema)),
  },
  handle(call) {
    const { service, namespace } = call;
    return answerPage(call, {
      about: `${namespace.name} hooks`,
      read: (position, limit) => service.hooks.list(namespace.name, position, limit),
      positionOf: hookPosition,
      viewOf: (hook) => viewOf(call, hook),
    });
  },
});

/** Reads a hook, without its secrets. */
export const readHookById = defineEndpoint({
  method: 'get',
  path: '/v1/hooks/{id}',
  scope: 'hooks:write',
  docs: { summary: 'Read a hook', tags, request: byId, responses: answers(200, 'The hook, without its secrets', HookSchema) },
  async handle(call) {
    return Response.json(viewOf(call, await hookIn(call)));
  },
});

/**
 * Deletes a hook: its URL is 404 everywhere within ten seconds. A delivery accepted before that is processed only while the hook is
 * still known.
 */
export const deleteHook = defineEndpoint({
  method: 'delete',
  path: '/v1/hooks/{id}',
  scope: 'hooks:write',
  docs: { summary: 'Delete a hook', tags, request: byId, responses: answers(204, 'It is gone') },
  async handle({ service, namespace, params }) {
    if (!(await service.hooks.remove(namespace.name, params['id'] ?? ''))) throw notFound();
    return new Response(null, { status: 204 });
  },
});

/** The hook that `{id}` in the path names. Throws a 404 for one that is not there or is another namespace's. */
export async function hookIn({ service, namespace, params }: KeyedCall): Promise<Hook> {
  const id = params['id'] ?? '';
  const hook = isHookId(id) ? await service.hooks.find(id, service.now()) : undefined;
  if (hook === undefined || hook.namespace !== namespace.name) throw notFound();
  return hook;
}

function viewOf({ service, request }: Call, { id, name, preset, options, on, createdAt }: Hook): Record<string, unknown> {
  const url = `${service.publicUrl ?? new URL(request.url).origin}/v1/hooks/${id}`;
  return { id, name, url, preset, options, on, createdAt: new Date(createdAt).toISOString() };
}
