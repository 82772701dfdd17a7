/** Errand itself, on one of its runtimes, as `npm start` serves it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeCommand, type RuntimeName } from '@errand/edge-worker/runtimes/runtime-command';
import { startChild } from './child.ts';
import { NOTE, type RunningTarget, type Target } from './target.ts';

const READY_WITHIN_MS = 20_000;

export function errandTarget(runtime: RuntimeName): Target {
  return { name: `Errand on ${runtime}`, start: (directory) => startErrand(runtime, directory) };
}

/** Starts a runtime. `flags` are for its program, before the script. */
export async function startErrand(runtime: RuntimeName, directory: string, flags: readonly string[] = []): Promise<RunningTarget> {
  const command = runtimeCommand(runtime);
  if (command === undefined) throw new Error(`${runtime} is not installed.`);
  const child = startChild(command.program, [...flags, ...command.args, '--with-parent'], {
    env: { ...process.env, PORT: '0', ERRAND_DATA_DIR: directory },
  });
  try {
    await child.says(/is ready at/, READY_WITHIN_MS);
    const { url, apiKey } = JSON.parse(readFileSync(join(directory, 'dev.json'), 'utf8')) as { url: string; apiKey: string };
    return runningErrand(url, apiKey, child.pid, () => child.stop());
  } catch (fault) {
    await child.stop();
    throw fault;
  }
}

/** What there is to measure at a service that is up. */
export function runningErrand(url: string, apiKey: string, pid: number, stop: () => Promise<void>): RunningTarget {
  const ask = async (path: string): Promise<string> =>
    (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${apiKey}` } })).text();
  return {
    url,
    headers: `authorization: Bearer ${apiKey}\r\n`,
    pids: [pid],
    submit: (n, wait) => ({
      method: 'POST',
      path: '/v1/tasks',
      body: taskOf(n),
      ...(wait === 'wait' ? { headers: 'prefer: wait=20\r\n' } : {}),
    }),
    idOf(status, body) {
      const id = /"id":"(task_\w+)"/.exec(body)?.[1];
      if (status !== 201 || id === undefined) throw new Error(`A task was refused: ${status} ${body}`);
      return id;
    },
    submitMany: (from, count) => ({
      method: 'POST',
      path: '/v1/tasks:batch',
      body: `{"tasks":[${Array.from({ length: count }, (_, i) => taskOf(from + i)).join(',')}]}`,
    }),
    idsOf(status, body) {
      const ids = [...body.matchAll(/"id":"(task_\w+)"/g)].map(([, id]) => id ?? '');
      if (status !== 207 || body.includes('"problem"')) throw new Error(`A task of a batch was refused: ${status} ${body.slice(0, 500)}`);
      return ids;
    },
    read: (id) => ({ method: 'GET', path: `/v1/tasks/${id}` }),
    isResult: (n, body) => body.includes(`"status":"completed"`) && body.includes(`"output":{"sum":${n + 1}}`),
    // Ever completed: those that are there become fewer when retention deletes.
    completed: async () => {
      const lines = (await ask('/metrics')).matchAll(/^errand_tasks_ended_total\{[^}]*status="completed"[^}]*\} (\d+)/gm);
      return [...lines].reduce((sum, [, n]) => sum + Number(n), 0);
    },
    async rowsWritten() {
      const rows = /^errand_rows_written_total(?:\{[^}]*\})? (\d+)/m.exec(await ask('/metrics'))?.[1];
      return rows === undefined ? undefined : Number(rows);
    },
    stop,
  };
}

function taskOf(n: number): string {
  return `{"type":"example.sum","version":1,"input":{"a":${n},"b":1,"note":"${NOTE}"}}`;
}
