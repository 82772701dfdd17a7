/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): frames as text, and a stream of them. */

/** A stream ends by itself after this: a held request keeps its object awake and billed. The client comes back. */
export const STREAM_LIFE_MS = 25_000;
/** What a client waits before it comes back. */
export const RETRY_FRAME = 'retry: 1000\n\n';

/** A frame of one event. `data` is one line of JSON. */
export function eventFrame(id: number, data: string): string {
  return `id: ${id}\ndata: ${data}\n\n`;
}

/**
 * Answers with the frames of `source`, each asked for when the last one was taken, so that nothing runs for a client that
 * does not read. Whatever goes wrong ends the stream: its client comes back and reads on.
 */
export function eventStream(source: AsyncGenerator<string, void>): Response {
  const encoder = new TextEncoder();
  let isGone = false;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value, done } = await source.next();
          // Whoever hung up meanwhile has closed the stream, and is no fault.
          if (isGone) return;
          if (done === true) controller.close();
          else controller.enqueue(encoder.encode(value));
        } catch (fault) {
          if (isGone) return;
          console.warn('a stream of events ended early; its client comes back', fault);
          controller.close();
        }
      },
      async cancel() {
        isGone = true;
        await source.return();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } });
}
