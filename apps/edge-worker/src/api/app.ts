/** The HTTP API: who may ask what, and the shape of the answer. Decisions about tasks are the core's. */
import { Hono } from 'hono';
import { ensureCatalog } from '../catalog/bootstrap.ts';
import type { Caller, Scope } from '../catalog/keys.ts';
import { listFilter, readLimit } from './list-filter.ts';
import { Problem, problemOf, problemResponse } from './problem.ts';
import { readJsonObject } from './read-body.ts';
import type { Service } from './service.ts';
import { readSubmission } from './submit.ts';
import { attemptView, eventView, taskView } from './task-view.ts';
import { parseTaskId, type TaskId } from '@errand/core/id';
import type { Command } from '@errand/core/command';
import { isEnded, type Task } from '@errand/core/task';

/** Longest wait of `Prefer: wait` and `?wait`, seconds. */
const MAX_WAIT_S = 20;
const KEY_PATTERN = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;
const VERBS = ['cancel', 'pause', 'resume', 'retry-now', 'redrive', 'skip'] as const;

interface Context {
  Variables: { traceId: string };
}

/** Builds the API over a service. */
export function createApi(service: Service): Hono<Context> {
  const app = new Hono<Context>();
  app.use(async (c, next) => {
    c.set('traceId', crypto.randomUUID().replaceAll('-', ''));
    await next();
  });
  app.onError((fault, c) => {
    if (fault instanceof Problem) return problemResponse(fault, c.get('traceId'));
    console.error(c.get('traceId'), fault);
    return problemResponse(
      new Problem(503, 'unavailable', 'The service could not answer. Try again.', { headers: { 'retry-after': '1' } }),
      c.get('traceId'),
    );
  });
  app.notFound((c) => problemResponse(notFound(), c.get('traceId')));
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    await ensureCatalog(service);
    await service.objects.get('default/0/ledger/0').touch();
    return c.json({ status: 'ready' });
  });
  app.post('/v1/tasks', (c) => submit(service, c.req.raw));
  app.get('/v1/tasks', async (c) => {
    const caller = await authenticate(service, c.req.raw, 'tasks:read');
    const query = c.req.query();
    const { items, scannedTo } = await ledgerOf(service, caller).list(listFilter(query), query['cursor'] ?? null, readLimit(query));
    const full = items.length === readLimit(query);
    return c.json({ items: items.map(taskView), nextCursor: full ? (items.at(-1)?.id ?? null) : scannedTo });
  });
  app.get('/v1/tasks:count', async (c) => {
    const caller = await authenticate(service, c.req.raw, 'tasks:read');
    const byStatus = await ledgerOf(service, caller).count(listFilter(c.req.query()));
    return c.json({ count: Object.values(byStatus).reduce((sum, n) => sum + n, 0), byStatus });
  });
  app.get('/v1/tasks/:id', (c) => readTask(service, c.req.raw, c.req.param('id'), c.req.query()));
  app.get('/v1/tasks/:id/events', async (c) => {
    const { ledger, id } = await addressed(service, c.req.raw, c.req.param('id'), 'tasks:read');
    const events = (await ledger.events(id, 0)) ?? missing();
    return c.json({ items: events.map(eventView) });
  });
  app.get('/v1/tasks/:id/attempts', async (c) => {
    const { ledger, id } = await addressed(service, c.req.raw, c.req.param('id'), 'tasks:read');
    const attempts = (await ledger.attempts(id)) ?? missing();
    return c.json({ items: attempts.map(attemptView) });
  });
  for (const verb of VERBS) app.post(`/v1/tasks/:id/${verb}`, (c) => ask(service, c.req.raw, c.req.param('id'), verb));
  return app;
}

async function submit(service: Service, request: Request): Promise<Response> {
  const caller = await authenticate(service, request, 'tasks:submit');
  const key = request.headers.get('idempotency-key') ?? undefined;
  if (key !== undefined && !KEY_PATTERN.test(key))
    throw new Problem(400, 'invalid_idempotency_key', 'An idempotency key has 1 to 255 printable ASCII characters.');
  const { object, command } = await readSubmission(service, caller, await readJsonObject(request), key);
  const [result] = await service.objects.get(object).execute([command]);
  if (result === undefined) throw new Error('A ledger gave no answer.');
  if (!result.ok) throw problemOf(result.rejection);
  const task = await waitForEnd(service, object, result.task, preferredWait(request));
  const replayed = result.replayed === true;
  return taskResponse(task, replayed ? 200 : 201, {
    location: `/v1/tasks/${task.id}`,
    ...(replayed ? { 'idempotency-replayed': 'true' } : {}),
  });
}

async function readTask(service: Service, request: Request, text: string, query: Record<string, string>): Promise<Response> {
  const { ledger, id } = await addressed(service, request, text, 'tasks:read');
  const waitS = Math.min(Number(query['wait'] ?? 0) || 0, MAX_WAIT_S);
  const revision = Number(query['ifRevisionGreaterThan'] ?? 0) || 0;
  const task = waitS > 0 ? await ledger.waitFor(id, revision, waitS * 1_000) : ((await ledger.read([id]))[0] ?? null);
  if (task === null) throw notFound();
  if (request.headers.get('if-none-match') === `"${task.revision}"`)
    return new Response(null, { status: 304, headers: { etag: `"${task.revision}"` } });
  return taskResponse(task, 200);
}

async function ask(service: Service, request: Request, text: string, verb: (typeof VERBS)[number]): Promise<Response> {
  const { ledger, id, caller } = await addressed(service, request, text, 'tasks:operate');
  const body = request.headers.has('content-type') ? await readJsonObject(request) : {};
  const { reason } = body;
  if (reason !== undefined && (typeof reason !== 'string' || reason.length > 1_000))
    throw new Problem(422, 'input_invalid', 'The reason is a text of at most 1,000 characters.', {
      errors: [{ pointer: '#/reason', detail: 'must be a text of at most 1,000 characters' }],
    });
  const match = request.headers.get('if-match');
  const command: Command = {
    type: verb,
    actor: { kind: 'key', id: caller.keyId },
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(match === null || match === '*' ? {} : { ifRevision: Number(/^"(\d+)"$/.exec(match)?.[1] ?? -1) }),
  };
  const [result] = await ledger.execute([{ taskId: id, command }]);
  if (result === undefined) throw new Error('A ledger gave no answer.');
  if (!result.ok) throw problemOf(result.rejection);
  return taskResponse(result.task, 200);
}

async function authenticate(service: Service, request: Request, scope: Scope): Promise<Caller> {
  const key = /^Bearer (\S+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
  const caller = key === undefined ? undefined : await service.keys.find(key, service.now());
  if (caller === undefined)
    throw new Problem(401, 'unknown_key', 'Send a valid key as "Authorization: Bearer <key>".', {
      headers: { 'www-authenticate': 'Bearer' },
    });
  if (!caller.scopes.includes(scope)) throw new Problem(403, 'missing_scope', `The key lacks the scope ${scope}.`);
  return caller;
}

async function addressed(service: Service, request: Request, text: string, scope: Scope) {
  const caller = await authenticate(service, request, scope);
  const parsed = parseTaskId(text);
  // A shard that the namespace does not have is never addressed: addressing an object creates it.
  if (parsed === undefined || parsed.place !== 0 || parsed.shard !== 0 || parsed.object !== 'ledger') throw notFound();
  return { caller, ledger: ledgerOf(service, caller), id: text as TaskId };
}

function ledgerOf(service: Service, caller: Caller) {
  return service.objects.get(`${caller.namespace}/0/ledger/0`);
}

async function waitForEnd(service: Service, object: string, task: Task, waitMs: number): Promise<Task> {
  const until = service.now() + waitMs;
  let current = task;
  while (!isEnded(current) && service.now() < until) {
    current = (await service.objects.get(object).waitFor(current.id, current.revision, until - service.now())) ?? current;
  }
  return current;
}

function preferredWait(request: Request): number {
  const seconds = Number(/(?:^|[,\s])wait=(\d{1,5})/.exec(request.headers.get('prefer') ?? '')?.[1] ?? 0);
  return Math.min(seconds, MAX_WAIT_S) * 1_000;
}

function taskResponse(task: Task, status: number, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(taskView(task)), {
    status,
    headers: { 'content-type': 'application/json', etag: `"${task.revision}"`, ...headers },
  });
}

function notFound(): Problem {
  return new Problem(404, 'not_found', 'There is nothing here that this key may see.');
}

function missing(): never {
  throw notFound();
}
