/**
 * Follows the service's stream of changes, and refreshes what each change touches. While nothing changes, nothing is asked.
 * A stream ends by itself (a held request is billed); the next one is opened before that, so that no change falls in between.
 * A page that nobody looks at lets go of it, for a browser has six connections to the service, whatever the number of tabs.
 */
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { attention, pause, untilLookedAt } from './attention.ts';
import { meQuery } from './queries.ts';
import { readStream, type StreamEars } from './stream.ts';

/** Bursts are answered at most this often; well under the second that a change may take to show. */
const COALESCE_MS = 250;
/** A stream lives 25 s; the next one is opened by then, and takes over once it stands. */
const RENEW_AFTER_MS = 20_000;
/** The service has answered before it listens to every one of its objects: the old stream stays this much longer. */
const OVERLAP_MS = 1_000;
/** Keys of the queries that any change may touch. */
const LISTS = ['tasks', 'inbox', 'summary'];
const FIRST_RETRY_MS = 300;
const LONGEST_RETRY_MS = 10_000;

export type Live = 'connecting' | 'live' | 'offline' | 'not live';

/** Follows while mounted. */
export function useLive(): Live {
  const client = useQueryClient();
  const [live, setLive] = useState<Live>('connecting');
  useEffect(() => {
    const ended = new AbortController();
    const refresh = refresher(client);
    void follow({
      signal: ended.signal,
      onTask: refresh.touch,
      onLive: setLive,
      onMissed: refresh.touchAll,
      onForbidden: () => {
        ended.abort();
        setLive('not live');
      },
      onKeyRefused: () => void client.invalidateQueries({ queryKey: meQuery.queryKey }, { cancelRefetch: false }),
    });
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
    for (const key of touched) {
      const queryKey = key.split(' ');
      // What is being read is read again afterwards: a busy service would else have every answer thrown away before it is here.
      if (client.isFetching({ queryKey }) > 0) continue;
      touched.delete(key);
      void client.invalidateQueries({ queryKey });
    }
    if (touched.size > 0) timer = setTimeout(flush, COALESCE_MS);
  };
  const touch = (...keys: readonly string[]) => {
    for (const key of keys) touched.add(key);
    timer ??= setTimeout(flush, COALESCE_MS);
  };
  return {
    touch: (taskId: string) => touch(`task ${taskId}`, ...LISTS),
    /** What was read before the stream stood: a change may have gone by unseen. */
    touchAll: () => touch('task', ...LISTS),
    stop: () => clearTimeout(timer),
  };
}

interface Follower {
  readonly signal: AbortSignal;
  readonly onTask: (taskId: string) => void;
  readonly onLive: (live: Live) => void;
  /** Changes may have gone by unseen. */
  readonly onMissed: () => void;
  readonly onKeyRefused: () => void;
  readonly onForbidden: () => void;
}

async function follow({ signal, onTask, onLive, onMissed, onKeyRefused, onForbidden }: Follower): Promise<void> {
  let retryMs = FIRST_RETRY_MS;
  let missed = true;
  while (!signal.aborted) {
    const watch = attention();
    const onStanding = (): void => {
      retryMs = FIRST_RETRY_MS;
      if (missed) setTimeout(onMissed, OVERLAP_MS / 2);
      missed = false;
      onLive('live');
    };
    const stood = await followOnce(AbortSignal.any([signal, watch.lost]), { onTask, onStanding, onKeyRefused, onForbidden });
    const { lost } = watch;
    watch.stop();
    if (signal.aborted) return;
    missed = true;
    if (!stood || lost.aborted) onLive('offline');
    if (document.hidden) await untilLookedAt(signal);
    else await pause(retryMs * (0.5 + Math.random() / 2));
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  }
}

/** Resolves once no stream is left; says whether one stood. Each stream is followed by the next before it ends. */
function followOnce(signal: AbortSignal, ears: StreamEars): Promise<boolean> {
  return new Promise((resolve) => {
    let open = 0;
    let stood = false;
    const begin = (before?: AbortController): void => {
      const mine = new AbortController();
      let renewal: ReturnType<typeof setTimeout> | undefined;
      open += 1;
      const standing = (): void => {
        stood = true;
        setTimeout(() => before?.abort(), OVERLAP_MS);
        ears.onStanding();
        renewal = setTimeout(() => begin(mine), RENEW_AFTER_MS);
      };
      void readStream(AbortSignal.any([signal, mine.signal]), { ...ears, onStanding: standing }).finally(() => {
        clearTimeout(renewal);
        open -= 1;
        if (open === 0) resolve(stood);
      });
    };
    begin();
  });
}
