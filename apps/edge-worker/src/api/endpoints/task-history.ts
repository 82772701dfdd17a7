import { z } from '@hono/zod-openapi';
import { isEnded, type Task } from '@errand/core/task';
import { prefers } from '../accept.ts';
import { addressed, currentTask, notFound } from '../addressed.ts';
import { defineEndpoint, type KeyedCall } from '../endpoint.ts';
import { eventFrame, eventStream, RETRY_FRAME, STREAM_LIFE_MS } from '../event-stream.ts';
import { Problem } from '../problem.ts';
import { answers, AttemptSchema, byId, EventSchema } from '../schemas.ts';
import { attemptView, eventView } from '../task-view.ts';

const EVENT_STREAM = 'text/event-stream';

/** What happened to a task, gap-free from 1: as a list, or live. */
export const taskEvents = defineEndpoint({
  method: 'get',
  path: '/v1/tasks/{id}/events',
  scope: 'tasks:read',
  produces: ['application/json', EVENT_STREAM],
  docs: {
    summary: 'Events of a task',
    description:
      'As `text/event-stream` each event comes with its sequence as `id`, until the task has ended or 25 s have passed; ' +
      '`Last-Event-ID` resumes after it. An ended task without further events answers 204, which tells a browser to stop.',
    tags: ['Tasks'],
    request: byId,
    responses: {
      ...answers(200, 'Its events', z.object({ items: z.array(EventSchema) })),
      200: {
        description: 'Its events',
        content: {
          'application/json': { schema: z.object({ items: z.array(EventSchema) }) },
          [EVENT_STREAM]: { schema: z.string() },
        },
      },
    },
  },
  async handle(call) {
    const { ledger, id } = addressed(call);
    if (prefers(call.request, EVENT_STREAM, 'application/json')) return await liveEvents(call, lastEventId(call.request));
    const events = await ledger.events(id, 0);
    if (events === null) throw notFound();
    return Response.json({ items: events.map(eventView) });
  },
});

async function liveEvents(call: KeyedCall, after: number): Promise<Response> {
  const task = await currentTask(addressed(call));
  if (isEnded(task) && after >= task.sequence) return new Response(null, { status: 204 });
  return eventStream(framesOf(call, task, after));
}

/** In each round the task is read before its events: where it has ended, its last event is among them, and the stream may end. */
async function* framesOf(call: KeyedCall, first: Task, after: number): AsyncGenerator<string, void> {
  const { ledger, id } = addressed(call);
  const { now } = call.service;
  const until = now() + STREAM_LIFE_MS;
  let sent = after;
  let task: Task | null = first;
  yield RETRY_FRAME;
  while (task !== null) {
    const events = (await ledger.events(id, sent)) ?? [];
    sent = events.at(-1)?.sequence ?? sent;
    if (events.length > 0) yield events.map((event) => eventFrame(event.sequence, JSON.stringify(eventView(event)))).join('');
    if (isEnded(task) || now() >= until) return;
    task = await ledger.waitFor(id, task.revision, until - now());
  }
}

/** The sequence after which a client that comes back goes on; 0 for one that begins. */
function lastEventId(request: Request): number {
  const text = request.headers.get('last-event-id') ?? '';
  if (text === '') return 0;
  if (!/^\d{1,12}$/.test(text)) throw new Problem(400, 'invalid_last_event_id', 'Last-Event-ID must be the sequence of an event.');
  return Number(text);
}

/** Every try at a task, with its log. */
export const taskAttempts = defineEndpoint({
  method: 'get',
  path: '/v1/tasks/{id}/attempts',
  scope: 'tasks:read',
  docs: {
    summary: 'Attempts of a task',
    tags: ['Tasks'],
    request: byId,
    responses: answers(200, 'Its attempts', z.object({ items: z.array(AttemptSchema) })),
  },
  async handle(call) {
    const { ledger, id } = addressed(call);
    const attempts = await ledger.attempts(id);
    if (attempts === null) throw notFound();
    return Response.json({ items: attempts.map(attemptView) });
  },
});
