/** One stream of changes, from its request to its end. */
import { createParser } from 'eventsource-parser';
import { headersFor, readKey } from './client.ts';

/** A service that has not answered by then is not there. */
const CONNECT_WITHIN_MS = 5_000;
/** The service ends a stream after 25 s. One that goes on for longer is dead, and nobody has said so. */
const LONGEST_LIFE_MS = 28_000;

export interface StreamEars {
  readonly onTask: (taskId: string) => void;
  /** The service has answered, and changes will come. */
  readonly onStanding: () => void;
  readonly onKeyRefused: () => void;
  /** The key is good, but not for this. */
  readonly onForbidden: () => void;
}

/** Tells of every change until the stream ends, for whatever reason. */
export async function readStream(signal: AbortSignal, { onTask, onStanding, onKeyRefused, onForbidden }: StreamEars): Promise<void> {
  const parser = createParser({
    onEvent: ({ data }) => {
      const taskId = taskIdOf(data);
      if (taskId !== undefined) onTask(taskId);
    },
  });
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), CONNECT_WITHIN_MS);
  try {
    const response = await fetch('/v1/stream', {
      headers: { ...headersFor(readKey()), accept: 'text/event-stream' },
      signal: AbortSignal.any([signal, late.signal, AbortSignal.timeout(LONGEST_LIFE_MS)]),
    });
    clearTimeout(timer);
    if (response.status === 401) onKeyRefused();
    if (response.status === 403) onForbidden();
    if (!response.ok || response.body === null) return;
    onStanding();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) parser.feed(chunk.value);
  } catch {
    // A broken connection is the ordinary end of a stream: the caller connects again.
  } finally {
    clearTimeout(timer);
  }
}

function taskIdOf(data: string): string | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && 'taskId' in value ? String(value.taskId) : undefined;
  } catch {
    return undefined;
  }
}
