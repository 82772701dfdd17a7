/** A peer behind the front that all of them share (`peers/front.mjs`), with the store that it needs. */
import { join } from 'node:path';
import { startChild, type Child } from '../child.ts';
import { NOTE, type RunningTarget, type Target } from '../target.ts';
import type { Store } from './stores.ts';

/** Where the peers' packages and programs are: `scripts/bench.mjs` puts them there. */
export const PEERS = join(import.meta.dirname, '..', '..', '.peers');
const READY_WITHIN_MS = 30_000;

/** The peer that `program` serves, over the store that `startStore` starts. */
export function peerTarget(name: string, program: string, startStore?: (directory: string) => Promise<Store>): Target {
  return {
    name,
    async start(directory) {
      const children: Child[] = [];
      try {
        const store = await startStore?.(directory);
        if (store !== undefined) children.push(store.child);
        const env = { ...process.env, PEER_DIRECTORY: directory, ...store?.env };
        const front = startChild(process.execPath, ['--disable-warning=ExperimentalWarning', join(PEERS, `${program}.mjs`)], { env });
        children.unshift(front);
        const [, url = ''] = await front.says(/ready (http:\S+)/, READY_WITHIN_MS);
        return runningPeer(url, children);
      } catch (fault) {
        await stopAll(children);
        throw fault;
      }
    },
  };
}

/** Ends processes in order: a front before its store. PostgreSQL hangs up at once when it is interrupted, Redis too. */
export async function stopAll(children: readonly Child[]): Promise<void> {
  for (const child of children) await child.stop('SIGINT');
}

function runningPeer(url: string, children: readonly Child[]): RunningTarget {
  return {
    url,
    headers: '',
    pids: children.map(({ pid }) => pid),
    submit: (n, wait) => ({ method: 'POST', path: wait === 'wait' ? '/tasks?wait' : '/tasks', body: inputOf(n) }),
    submitMany: (from, count) => ({
      method: 'POST',
      path: '/tasks:batch',
      body: `{"tasks":[${Array.from({ length: count }, (_, i) => inputOf(from + i)).join(',')}]}`,
    }),
    idOf: (status, body) => String(accepted<{ id: string | number }>(status, body).id),
    idsOf: (status, body) => accepted<{ ids: (string | number)[] }>(status, body).ids.map(String),
    read: (id) => ({ method: 'GET', path: `/tasks/${id}` }),
    isResult: (n, body) => body.includes('"status":"completed"') && body.includes(`"output":{"sum":${n + 1}}`),
    async completed() {
      return ((await (await fetch(`${url}/completed`)).json()) as { completed: number }).completed;
    },
    rowsWritten: async () => undefined,
    stop: () => stopAll(children),
  };
}

function accepted<T>(status: number, body: string): T {
  if (status !== 201) throw new Error(`A task was refused: ${status} ${body.slice(0, 500)}`);
  return JSON.parse(body) as T;
}

/** The input of the n-th task, as long as the whole body of one of ours. */
export function inputOf(n: number): string {
  return `{"a":${n},"b":1,"note":"${NOTE}"}`;
}
