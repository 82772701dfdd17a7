/** The changes of one object's tasks as they happen, to everybody who listens: a server-sent event for each changed task. */
import type { Task } from '@errand/core/task';
import { RETRY_FRAME, STREAM_LIFE_MS } from './api/event-stream.ts';

/** A listener that is this many writes behind is dropped. It comes back, and reads its lists afresh. */
const MAX_BEHIND = 1_000;

export class ChangeStream {
  readonly #listeners = new Set<WritableStreamDefaultWriter<Uint8Array>>();
  readonly #encoder = new TextEncoder();

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  publish(tasks: readonly Task[]): void {
    if (this.#listeners.size === 0) return;
    const visible = tasks.filter((task) => !task.system);
    if (visible.length === 0) return;
    const bytes = this.#encoder.encode(visible.map((task) => `event: task\ndata: ${JSON.stringify(summaryOf(task))}\n\n`).join(''));
    for (const writer of this.#listeners) {
      if ((writer.desiredSize ?? 0) < -MAX_BEHIND) this.#drop(writer);
      else void writer.write(bytes).catch(() => this.#drop(writer));
    }
  }

  response(): Response {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(undefined, { highWaterMark: 64 });
    const writer = writable.getWriter();
    this.#listeners.add(writer);
    void writer.write(this.#encoder.encode(RETRY_FRAME)).catch(() => this.#drop(writer));
    setTimeout(() => this.#drop(writer), STREAM_LIFE_MS);
    return new Response(readable, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } });
  }

  #drop(writer: WritableStreamDefaultWriter<Uint8Array>): void {
    if (this.#listeners.delete(writer)) void writer.close().catch(() => {});
  }
}

function summaryOf(task: Task): Record<string, unknown> {
  const manual = task.status === 'waiting' ? task.manual : undefined;
  return {
    taskId: task.id,
    status: task.status,
    type: task.type,
    revision: task.revision,
    ...(manual === undefined ? {} : { manualState: manual.state, holder: manual.holder?.id ?? null }),
  };
}
