/**
 * `npm run bench:profile [-- --batches]`: where workerd's thread spends its time while it takes and performs tasks. Prints the functions with
 * the most time of their own, and keeps the profile for Chrome's developer tools (Performance → Load profile).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleWorker } from '@errand/edge-worker/runtimes/cloudflare/bundle';
import { miniflareOptions, WORKER_NAME } from '@errand/edge-worker/runtimes/cloudflare/miniflare-options';
import { createOutboundService } from '@errand/edge-worker/runtimes/cloudflare/outbound-service';
import { newSecrets } from '@errand/edge-worker/runtimes/secrets';
import { faultOf } from '@errand/executors/integration/outbound';
import { Miniflare } from 'miniflare';
import { runningErrand } from './errand-target.ts';
import { batches, load, single } from './measure.ts';
import { ownTimes, type CpuProfile } from './own-times.ts';

const TASKS = 10_000;
const WARM_UP = 2_000;
const LOAD_WITHIN_MS = 60_000;
const SHOWN = 45;
const ROOT = join(import.meta.dirname, '..', '..');
const KEPT = join(ROOT, 'tests', 'output', 'workerd.cpuprofile');

const { values } = parseArgs({ options: { batches: { type: 'boolean', default: false } } });
const submit = values.batches ? batches : single;

const directory = mkdtempSync(join(tmpdir(), 'errand profile '));
const { kek, apiKey, signingSecret } = newSecrets('dev');
const miniflare = new Miniflare({
  ...miniflareOptions({
    script: await bundleWorker(join(ROOT, 'apps', 'edge-worker', 'src', 'worker.ts')),
    directory,
    host: '127.0.0.1',
    port: 0,
    assets: undefined,
    settings: { ERRAND_KEK: kek, ERRAND_DEV_KEY: apiKey, ERRAND_DEV_SIGNING_SECRET: signingSecret },
    outboundService: createOutboundService(async () => faultOf('blocked', 'Nothing is called.')),
  }),
  inspectorPort: 0,
});
try {
  await miniflare.ready;
  const url = String(await miniflare.unsafeGetDirectURL(WORKER_NAME)).replace(/\/$/, '');
  await fetch(`${url}/readyz`);
  const target = runningErrand(url, apiKey, process.pid, async () => {});
  await load(target, { tasks: WARM_UP, loadMs: LOAD_WITHIN_MS }, submit);
  const inspector = await openInspector(new URL(`/core:user:${WORKER_NAME}`, await miniflare.getInspectorURL()));
  await inspector.send('Profiler.enable');
  await inspector.send('Profiler.setSamplingInterval', { interval: 200 });
  await inspector.send('Profiler.start');
  await load(target, { tasks: TASKS, loadMs: LOAD_WITHIN_MS }, submit);
  const { profile } = (await inspector.send('Profiler.stop')) as { profile: CpuProfile };
  inspector.close();
  mkdirSync(join(KEPT, '..'), { recursive: true });
  writeFileSync(KEPT, JSON.stringify(profile));
  for (const { name, shareOfTime } of ownTimes(profile).slice(0, SHOWN))
    console.log(`${(shareOfTime * 100).toFixed(1).padStart(5)} %  ${name}`);
} finally {
  await miniflare.dispose();
  rmSync(directory, { recursive: true, force: true });
}

/** Chrome's protocol, as far as a profile needs it. */
async function openInspector(url: URL) {
  const socket = new WebSocket(url);
  const asked = new Map<number, (result: unknown) => void>();
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
    if (id !== undefined) asked.get(id)?.(result);
  });
  await new Promise((done, fail) => {
    socket.addEventListener('open', done);
    socket.addEventListener('error', fail);
  });
  return {
    send: (method: string, params: Readonly<Record<string, unknown>> = {}) =>
      new Promise<unknown>((resolve) => {
        const id = asked.size + 1;
        asked.set(id, resolve);
        socket.send(JSON.stringify({ id, method, params }));
      }),
    close: () => socket.close(),
  };
}
