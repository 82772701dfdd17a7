/** Whether it makes sense to be connected: somebody looks at the page, and the machine has a network. */

/** A page may be out of sight for this long before it counts as left. */
const LEFT_AFTER_MS = 60_000;

export interface Attention {
  /** Aborted when the page was left, or the network is gone: a dead connection may take minutes to show it. */
  readonly lost: AbortSignal;
  readonly stop: () => void;
}

export function attention(): Attention {
  const lost = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onOffline = () => lost.abort();
  const onVisibility = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(() => lost.abort(), LEFT_AFTER_MS);
  };
  onVisibility();
  addEventListener('offline', onOffline);
  document.addEventListener('visibilitychange', onVisibility);
  return {
    lost: lost.signal,
    stop: () => {
      clearTimeout(timer);
      removeEventListener('offline', onOffline);
      document.removeEventListener('visibilitychange', onVisibility);
    },
  };
}

/** Resolves once the page is in sight, or `signal` is aborted. */
export function untilLookedAt(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener('visibilitychange', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    document.addEventListener('visibilitychange', done);
    signal.addEventListener('abort', done);
    done();
  });
}

/** Waits, but no longer than until the machine has a network again. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
  });
}
