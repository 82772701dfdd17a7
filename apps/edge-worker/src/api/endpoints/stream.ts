import { z } from '@hono/zod-openapi';
import { objectsOf } from '../../address.ts';
import { defineEndpoint, type KeyedCall } from '../endpoint.ts';
import { eventStream, RETRY_FRAME, STREAM_LIFE_MS } from '../event-stream.ts';
import { FrameReader } from '../sse-frames.ts';

/** Streams the changes of all tasks of the namespace, as they happen. */
export const stream = defineEndpoint({
  method: 'get',
  path: '/v1/stream',
  scope: 'tasks:read',
  produces: ['text/event-stream'],
  docs: {
    summary: 'Changes of all tasks, live',
    description:
      'An event `task` for every change, `{ taskId, status, type, revision }`; what changed is read from the task. It ends after 25 s: ' +
      'connect again, and read your lists afresh, for what happened between two streams is in neither.',
    tags: ['Tasks'],
    responses: { 200: { description: 'Server-sent events', content: { 'text/event-stream': { schema: z.string() } } } },
  },
  handle: (call) => eventStream(changesOf(call)),
});

/** Merges the streams of the namespace's objects. It ends when one of them does, because a client could not notice what that one misses. */
async function* changesOf({ service, namespace }: KeyedCall): AsyncGenerator<string, void> {
  yield RETRY_FRAME;
  const sources = await Promise.all(objectsOf(namespace).map((object) => service.changes(object)));
  const readers = sources.map((source) => new FrameReader(source));
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), STREAM_LIFE_MS);
  const read = async (reader: FrameReader) => ({ reader, frames: await reader.next() });
  const next = new Map(readers.map((reader) => [reader, read(reader)]));
  try {
    for (;;) {
      const first = await Promise.race([late, ...next.values()]);
      if (first?.frames === undefined) return;
      next.set(first.reader, read(first.reader));
      yield first.frames;
    }
  } finally {
    clearTimeout(timer);
    for (const reader of readers) void reader.cancel();
  }
}
