/** Restate: its server, which journals to its own store, and a service that it calls. Clients talk to its ingress. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startChild, type Child } from '../child.ts';
import type { RunningTarget, Target } from '../target.ts';
import { inputOf, PEERS, stopAll } from './peer-target.ts';
import { freePort } from './stores.ts';

const SERVER = join(PEERS, 'node_modules', '@restatedev', `restate-server-linux-${process.arch}`, 'bin', 'restate-server');
const READY_WITHIN_MS = 40_000;

export const RESTATE: Target = { name: 'Restate', start };

async function start(directory: string): Promise<RunningTarget> {
  if (!existsSync(SERVER)) throw new Error("Restate's server is not installed.");
  const children: Child[] = [];
  try {
    const [ingress, admin, node] = [await freePort(), await freePort(), await freePort()];
    const service = startChild(process.execPath, [join(PEERS, 'restate.mjs')], { env: process.env });
    children.push(service);
    const [, serviceUrl = ''] = await service.says(/ready (http:\S+)/, READY_WITHIN_MS);
    const env = {
      ...process.env,
      RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
      RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
      RESTATE_BIND_ADDRESS: `127.0.0.1:${node}`,
      RESTATE_ADVERTISED_ADDRESS: `http://127.0.0.1:${node}`,
      RESTATE_LOG_FILTER: 'warn',
      DO_NOT_TRACK: '1',
    };
    const server = startChild(SERVER, ['--base-dir', directory, '--node-name', 'bench'], { env });
    children.push(server);
    const registration = JSON.stringify({ uri: serviceUrl });
    await untilOk(server, `http://127.0.0.1:${admin}/deployments`, { method: 'POST', body: registration });
    await untilOk(server, `http://127.0.0.1:${ingress}/sums/sum`, { method: 'POST', body: inputOf(0) });
    return runningRestate(`http://127.0.0.1:${ingress}`, `http://127.0.0.1:${admin}`, children);
  } catch (fault) {
    await stopAll(children);
    throw fault;
  }
}

async function untilOk(server: Child, url: string, init: { method: string; body: string }): Promise<void> {
  for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until; await new Promise((done) => setTimeout(done, 100))) {
    const why = server.gone();
    if (why !== undefined) throw new Error(why);
    const response = await fetch(url, { ...init, headers: { 'content-type': 'application/json' } }).catch(() => undefined);
    if (response?.ok === true) return;
  }
  throw new Error('Restate was not ready in time.');
}

function runningRestate(url: string, admin: string, children: readonly Child[]): RunningTarget {
  return {
    url,
    headers: '',
    pids: children.map(({ pid }) => pid),
    submit: (n, wait) => ({ method: 'POST', path: wait === 'wait' ? '/sums/sum' : '/sums/sum/send', body: inputOf(n) }),
    idOf(status, body) {
      const id = /"invocationId":"(\w+)"/.exec(body)?.[1];
      if (status !== 202 || id === undefined) throw new Error(`A task was refused: ${status} ${body}`);
      return id;
    },
    read: (id) => ({ method: 'GET', path: `/restate/invocation/${id}/output` }),
    isResult: (n, body) => body.includes(`{"sum":${n + 1}}`),
    async completed() {
      const query = `SELECT count(*) AS n FROM sys_invocation_status WHERE status = 'completed'`;
      const response = await fetch(`${admin}/query`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query }),
      });
      return ((await response.json()) as { rows: [{ n: number }] }).rows[0].n;
    },
    rowsWritten: async () => undefined,
    stop: () => stopAll(children),
  };
}
