import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createParser } from 'eventsource-parser';
import { useEffect, useState } from 'react';
import { headersFor, readKey } from './client.ts';
import type { StreamEvent } from './shapes.ts';

/** Bursts are answered at most this often; well under the second that a change may take to show. */
const coalesceMs = 300;
const firstRetryMs = 500;
const longestRetryMs = 15_000;

/** Follows the service's stream while mounted and refreshes what it touches; true while connected. */
export function useLive(): boolean {
  const client = useQueryClient();
  const [live, setLive] = useState(false);
  useEffect(() => {
    const ended = new AbortController();
    const refresh = refresher(client);
    void follow(ended.signal, refresh.touch, setLive, () => void client.invalidateQueries());
    return () => {
      ended.abort();
      refresh.stop();
    };
  }, [client]);
  return live;
}

function refresher(client: QueryClient) {
  const touched = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    for (const id of touched) void client.invalidateQueries({ queryKey: ['task', id] });
    touched.clear();
    void client.invalidateQueries({ queryKey: ['tasks'] });
    void client.invalidateQueries({ queryKey: ['summary'] });
  };
  return {
    touch: (event: StreamEvent) => {
      touched.add(event.taskId);
      timer ??= setTimeout(flush, coalesceMs);
    },
    stop: () => clearTimeout(timer),
  };
}

async function follow(signal: AbortSignal, touch: (event: StreamEvent) => void, setLive: (live: boolean) => void, missed: () => void) {
  let lastId = '';
  let retryMs = firstRetryMs;
  let connectedBefore = false;
  const parser = createParser({
    onEvent: ({ id, data }) => {
      if (id) lastId = id;
      const event = parse(data);
      if (event) touch(event);
    },
  });
  while (!signal.aborted) {
    try {
      const headers = { ...headersFor(readKey()), accept: 'text/event-stream', ...(lastId ? { 'last-event-id': lastId } : {}) };
      const response = await fetch('/v1/stream', { headers, signal });
      if (response.ok && response.body) {
        setLive(true);
        // A server may have forgotten what it sent before a break, so a reconnection without an id reads everything afresh.
        if (connectedBefore && !lastId) missed();
        connectedBefore = true;
        retryMs = firstRetryMs;
        parser.reset();
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) parser.feed(chunk.value);
      }
    } catch {
      // A broken connection is the ordinary end of a stream: wait and connect again.
    }
    if (signal.aborted) return;
    setLive(false);
    await new Promise((resolve) => setTimeout(resolve, retryMs * (0.5 + Math.random() / 2)));
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  }
}

function parse(data: string): StreamEvent | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && 'taskId' in value ? (value as StreamEvent) : undefined;
  } catch {
    return undefined;
  }
}
