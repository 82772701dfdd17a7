// A remote worker in plain JavaScript: it polls for tasks of one type, keeps its lease by heartbeats, and completes or fails them.
//
//   node worker.mjs [type]        the type is example.remote@1 when left out, and is published if missing
//
// ERRAND_URL and ERRAND_API_KEY say where and as whom; without them dev.json of ERRAND_DATA_DIR (.errand) does.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [name, version = '1'] = (process.argv[2] ?? 'example.remote@1').split('@');
const { url, apiKey } = service();
const workerId = `worker-mjs-${process.pid}`;
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopping.abort());

// The work itself: replace this. The signal says that the lease is lost, and then nobody wants the result.
async function work(task, signal) {
  if (task.input?.fail) throw Object.assign(new Error('asked to fail'), { code: 'example.asked' });
  await sleep(task.input?.ms ?? 200, signal);
  return { by: workerId, echo: task.input };
}

await publish();
console.log(`${workerId} polls ${url} for ${name}@${version}; Ctrl-C stops it`);
while (!stopping.signal.aborted) {
  try {
    const { items } = await call(
      '/v1/workers/poll',
      { workerId, types: [`${name}@${version}`], maxTasks: 4, waitSeconds: 20 },
      stopping.signal,
    );
    await Promise.all(items.map(perform));
  } catch (error) {
    if (stopping.signal.aborted) break;
    console.error(`poll: ${error.message}; again in a second`);
    await sleep(1000, stopping.signal).catch(() => {});
  }
}
console.log(`${workerId} stopped`);

async function perform({ task, leaseToken, leaseUntil }) {
  const lost = new AbortController();
  const attempt = `/v1/attempts/${encodeURIComponent(leaseToken)}`;
  const everyMs = Math.max(200, Math.min(10_000, (Date.parse(leaseUntil) - Date.now()) / 3 || 5_000));
  const beat = setInterval(() => {
    call(`${attempt}/heartbeat`, { details: {} }).catch((error) => {
      if (error.status === 409) lost.abort(error);
    });
  }, everyMs);
  try {
    let result;
    try {
      result = ['complete', { output: await work(task, lost.signal) }];
    } catch (error) {
      if (lost.signal.aborted) throw error;
      result = ['fail', { error: { code: error.code ?? 'application.error', message: error.message, retryable: error.retryable ?? true } }];
    }
    await deliver(`${attempt}/${result[0]}`, result[1]);
    console.log(`${task.id} ${result[0]}`);
  } catch (error) {
    console.error(`${task.id}: ${error.message}`);
  } finally {
    clearInterval(beat);
  }
}

// A result is worth some patience: only an answer of the 4xx kind ends the tries at once.
async function deliver(path, body) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call(path, body);
    } catch (error) {
      if ((error.status >= 400 && error.status < 500 && error.status !== 429) || tries === 5) throw error;
      await sleep(tries * 300);
    }
  }
}

async function publish() {
  const body = { name, version: Number(version), kind: 'automated', inputSchema: { type: 'object' }, outputSchema: {} };
  await call('/v1/task-types', body).catch((error) => {
    if (error.status !== 409) throw error;
  });
}

async function call(path, body, signal) {
  const timeout = AbortSignal.timeout(30_000);
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  });
  const text = await response.text();
  if (!response.ok) throw Object.assign(new Error(`${response.status} ${text.slice(0, 200)}`), { status: response.status });
  return text === '' ? undefined : JSON.parse(text);
}

function sleep(ms, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

function service() {
  const { ERRAND_URL, ERRAND_API_KEY, ERRAND_DATA_DIR = '.errand' } = process.env;
  if (ERRAND_URL && ERRAND_API_KEY) return { url: ERRAND_URL.replace(/\/$/, ''), apiKey: ERRAND_API_KEY };
  return JSON.parse(readFileSync(join(ERRAND_DATA_DIR, 'dev.json'), 'utf8'));
}
