/**
 * Starts the real service for a test, on a free port and with a data directory of its own. Every test of the service runs on
 * all runtimes: `vitest.config.ts` names the runtime of a run in `ERRAND_TEST_RUNTIME`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRuntimeName, runtimeCommand, type RuntimeName } from '../../apps/edge-worker/src/runtimes/runtime-command.ts';

/** The runtime of this run. */
export const RUNTIME = runtimeOf(process.env['ERRAND_TEST_RUNTIME'] ?? 'workerd');

export interface RunningService {
  readonly url: string;
  readonly process: ChildProcess;
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; body: any }>;
  /** A request with the development key whose answer is read by the test itself. */
  request(path: string, init?: RequestInit & { duplex?: 'half' }): Promise<Response>;
  readonly apiKey: string;
  readonly signingSecret: string;
  /** All that it has printed. */
  printed(): string;
  /** Ends it the polite way and waits until it is gone; gives its exit code. */
  stop(): Promise<number | null>;
  /** Ends it at once, without a word. */
  kill(): Promise<void>;
}

/** A directory for one test file; remove it when done. */
export function temporaryDirectory(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'errand test '));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts the service on `directory` and resolves once it is ready; rejects with what it printed when it ends instead. */
export async function startService(
  directory: string,
  { runtime = RUNTIME, env = {} }: { readonly runtime?: RuntimeName; readonly env?: Record<string, string> } = {},
): Promise<RunningService> {
  const command = runtimeCommand(runtime);
  if (command === undefined) throw new Error(`${runtime} is not installed`);
  const child = spawn(command.program, command.args, {
    env: { ...process.env, PORT: '0', ERRAND_DATA_DIR: directory, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += chunk));
  child.stderr.on('data', (chunk) => (printed += chunk));
  const gone = new Promise<number | null>((done) => child.once('exit', done));
  const devJson = join(directory, 'dev.json');
  const ready = (async () => {
    while (!printed.includes('is ready') || !existsSync(devJson)) await new Promise((done) => setTimeout(done, 20));
    return JSON.parse(readFileSync(devJson, 'utf8')) as { url: string; apiKey: string; signingSecret: string };
  })();
  const dev = await Promise.race([
    ready,
    gone.then((code) => {
      throw new Error(`exit ${code}: ${printed}`);
    }),
  ]);
  return {
    url: dev.url,
    apiKey: dev.apiKey,
    signingSecret: dev.signingSecret,
    printed: () => printed,
    process: child,
    async call(method, path, body, headers = {}) {
      const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body);
      const response = await fetch(`${dev.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${dev.apiKey}`,
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(text === undefined ? {} : { body: text }),
      });
      const answer = await response.text();
      return { status: response.status, headers: response.headers, body: answer === '' ? undefined : JSON.parse(answer) };
    },
    request: (path, init = {}) =>
      fetch(`${dev.url}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${dev.apiKey}`, ...(init.headers as Record<string, string>) },
      }),
    stop: () => (child.kill('SIGTERM'), gone),
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function runtimeOf(name: string): RuntimeName {
  if (!isRuntimeName(name)) throw new Error(`There is no runtime "${name}".`);
  return name;
}
