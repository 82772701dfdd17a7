/** Errand itself, on one of its runtimes, as `npm start` serves it. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeCommand, type RuntimeName } from '@errand/edge-worker/runtimes/runtime-command';
import type { RunningTarget, Target } from './target.ts';

/** Brings the body to about 250 bytes, as a real task has. */
const NOTE = 'x'.repeat(180);
const READY_WITHIN_MS = 20_000;

export function errandTarget(runtime: RuntimeName): Target {
  return { name: `Errand on ${runtime}`, start: (directory) => start(runtime, directory) };
}

async function start(runtime: RuntimeName, directory: string): Promise<RunningTarget> {
  const command = runtimeCommand(runtime);
  if (command === undefined) throw new Error(`${runtime} is not installed.`);
  const child = spawn(command.program, [...command.args, '--with-parent'], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { ...process.env, PORT: '0', ERRAND_DATA_DIR: directory },
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const { url, apiKey } = await untilReady(join(directory, 'dev.json'), () => child.exitCode);
  return runningErrand(url, apiKey, child.pid ?? 0, async () => {
    child.kill('SIGTERM');
    await ended;
  });
}

/** What there is to measure at a service that is up. */
export function runningErrand(url: string, apiKey: string, pid: number, stop: () => Promise<void>): RunningTarget {
  const ask = async (path: string): Promise<string> =>
    (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${apiKey}` } })).text();
  return {
    url,
    headers: `authorization: Bearer ${apiKey}\r\n`,
    pid,
    submit: (n, wait) => ({
      method: 'POST',
      path: '/v1/tasks',
      body: `{"type":"example.sum","version":1,"input":{"a":${n},"b":1,"note":"${NOTE}"}}`,
      ...(wait === 'wait' ? { headers: 'prefer: wait=20\r\n' } : {}),
    }),
    idOf(status, body) {
      const id = /"id":"(task_\w+)"/.exec(body)?.[1];
      if (status !== 201 || id === undefined) throw new Error(`A task was refused: ${status} ${body}`);
      return id;
    },
    read: (id) => ({ method: 'GET', path: `/v1/tasks/${id}` }),
    isResult: (n, body) => body.includes(`"status":"completed"`) && body.includes(`"output":{"sum":${n + 1}}`),
    completed: async () => (JSON.parse(await ask('/v1/tasks:count?status=completed')) as { count: number }).count,
    async rowsWritten() {
      const rows = /^errand_rows_written_total(?:\{[^}]*\})? (\d+)/m.exec(await ask('/metrics'))?.[1];
      return rows === undefined ? undefined : Number(rows);
    },
    stop,
  };
}

async function untilReady(devJson: string, exitCode: () => number | null): Promise<{ url: string; apiKey: string }> {
  for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until;) {
    if (exitCode() !== null) throw new Error('The service ended while it started.');
    if (existsSync(devJson)) return JSON.parse(readFileSync(devJson, 'utf8')) as { url: string; apiKey: string };
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error('The service was not ready in time.');
}
