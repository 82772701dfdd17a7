/** Cloudflare Workflows in miniflare: an instance a task, in a workerd of its own process. */
import { join } from 'node:path';
import { startChild } from '../child.ts';
import { inputOf } from './peer-target.ts';
import type { RunningTarget, Target } from '../target.ts';

const READY_WITHIN_MS = 30_000;

export const WORKFLOWS: Target = { name: 'Workflows in miniflare', start };

async function start(directory: string): Promise<RunningTarget> {
  const child = startChild(process.execPath, [join(import.meta.dirname, 'serve-workflows.ts')], {
    env: { ...process.env, PEER_DIRECTORY: directory },
  });
  try {
    const [, url = ''] = await child.says(/ready (http:\S+)/, READY_WITHIN_MS);
    return runningWorkflows(url, child.pid, () => child.stop());
  } catch (fault) {
    await child.stop();
    throw fault;
  }
}

function runningWorkflows(url: string, pid: number, stop: () => Promise<void>): RunningTarget {
  return {
    url,
    headers: '',
    pids: [pid],
    submit: (n, wait) => ({ method: 'POST', path: wait === 'wait' ? '/tasks?wait' : '/tasks', body: inputOf(n) }),
    idOf(status, body) {
      if (status !== 201) throw new Error(`A task was refused: ${status} ${body.slice(0, 500)}`);
      return (JSON.parse(body) as { id: string }).id;
    },
    read: (id) => ({ method: 'GET', path: `/tasks/${id}` }),
    isResult: (n, body) => body.includes('"status":"complete"') && body.includes(`"output":{"sum":${n + 1}}`),
    async completed() {
      return ((await (await fetch(`${url}/completed`)).json()) as { completed: number }).completed;
    },
    rowsWritten: async () => undefined,
    stop,
  };
}
