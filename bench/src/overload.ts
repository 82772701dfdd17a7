/**
 * `npm run bench:overload`: what becomes of a namespace, and of another one beside it, when the first is offered a multiple of what it
 * can take. Writes `overload-<runtime>.json` and `.md` into `bench/results/`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isRuntimeName, type RuntimeName } from '@errand/edge-worker/runtimes/runtime-command';
import { startErrand } from './errand-target.ts';
import { asFastAsPossible, atRate } from './load.ts';
import { thisMachine } from './machine.ts';
import { batches, BATCH, load, single, type Size } from './measure.ts';
import { offer, type Offered } from './open-loop.ts';
import { percentile } from './statistics.ts';
import type { RunningTarget } from './target.ts';

const { values } = parseArgs({
  options: {
    runtime: { type: 'string', default: 'node' },
    seconds: { type: 'string', default: '15' },
    times: { type: 'string', default: '3' },
    tasks: { type: 'string', default: '20000' },
    connections: { type: 'string', default: '512' },
    'not-kept': { type: 'boolean', default: false },
  },
});
const runtime = runtimeOf(values.runtime);
const seconds = Number(values.seconds);
const times = Number(values.times);
const connections = Number(values.connections);
const size: Size = { tasks: Number(values.tasks), loadMs: 10_000, warmUp: 3_000, lone: 0, traced: 0 };
const RESULTS = join(import.meta.dirname, '..', 'results');
/** The neighbour's tasks: few enough not to be a load, enough for a 99th percentile. */
const NEIGHBOUR_PER_SECOND = 50;

/** What one way of submitting came to. */
interface Measured {
  readonly capacityPerSecond: number;
  readonly offeredPerSecond: number;
  readonly sentPerSecond: number;
  readonly acceptedPerSecond: number;
  readonly refused: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly unclear: number;
  readonly lost: number;
  readonly acceptedP50Ms: number;
  readonly acceptedP99Ms: number;
  readonly refusedP99Ms: number;
  readonly quiet: Times;
  readonly beside: Times;
}
interface Times {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const machine = thisMachine();
const results: Record<string, Measured> = {};
const directory = mkdtempSync(join(tmpdir(), 'errand overload '));
const target = await startErrand(runtime, directory);
try {
  const neighbour = await newNamespace(target, 'neighbour');
  await load(target, { ...size, tasks: size.warmUp }, single);
  await timesOf(neighbour, 2);
  for (const [way, submit] of [
    ['one a request', single],
    [`batches of ${BATCH}`, batches],
  ] as const) {
    results[way] = await measured(neighbour, way, submit);
    console.log(way, results[way]);
  }
} finally {
  await target.stop();
  rmSync(directory, { recursive: true, force: true });
}
if (!values['not-kept']) {
  mkdirSync(RESULTS, { recursive: true });
  const raw = { at: new Date().toISOString(), machine, runtime, seconds, times, connections, results };
  writeFileSync(join(RESULTS, `overload-${runtime}.json`), `${JSON.stringify(raw, null, 2)}\n`);
  writeFileSync(join(RESULTS, `overload-${runtime}.md`), page());
}

function page(): string {
  const one = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 1 });
  const whole = (value: number): string => Math.round(value).toLocaleString('en');
  const rows = Object.entries(results).map(
    ([way, { capacityPerSecond, offeredPerSecond, acceptedPerSecond, refused, lost, quiet, beside }]) =>
      [
        '',
        way,
        ...[capacityPerSecond, offeredPerSecond, acceptedPerSecond, refused, lost].map(whole),
        `${one(quiet.p50Ms)} / ${one(quiet.p99Ms)}`,
        `${one(beside.p50Ms)} / ${one(beside.p99Ms)}`,
        one(beside.p99Ms / quiet.p99Ms),
        '',
      ].join(' | '),
  );
  return `# Overload, on ${runtime}

| submitted | capacity, tasks/s | offered/s | accepted/s | requests refused | acknowledged and lost | neighbour alone, p50 / p99 ms | beside it | p99, times |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${rows.map((row) => row.trim()).join('\n')}

\`npm run bench:overload -- --runtime=${runtime} --seconds=${seconds} --times=${times}\`: one namespace is offered ${times} times what it takes at best, at a fixed
rate whatever is answered, over at most ${connections} connections; another one submits ${NEIGHBOUR_PER_SECOND} tasks a second, from submit to result in one request.
*Lost* is what was acknowledged and is not completed in the end. Generator, neighbour and service share ${machine.cores} cores (${machine.cpu}; load average
before it began ${machine.load.map(one).join(', ')}). The raw figures are in \`overload-${runtime}.json\`.
`;
}

async function measured(neighbour: RunningTarget, way: string, submit: typeof single): Promise<Measured> {
  const { donePerSecond } = await load(target, size, submit);
  const quiet = await timesOf(neighbour, seconds);
  const tasksARequest = submit === single ? 1 : BATCH;
  const request = submit === single ? target.submit(0, 'go on') : target.submitMany?.(0, BATCH);
  if (request?.body === undefined) throw new Error(`There is no way to submit ${way}.`);
  const doneBefore = await target.completed();
  const offering = offer({
    url: target.url,
    headers: target.headers,
    path: request.path,
    body: request.body,
    perSecond: (donePerSecond * times) / tasksARequest,
    forMs: seconds * 1_000,
    connections,
  });
  const beside = await timesOf(neighbour, seconds);
  const offered = await offering;
  const { ids, acceptedMs, refusedMs, statuses, sent, unclear } = offered;
  if (unclear.length > 0) console.error(unclear[0]);
  return {
    capacityPerSecond: donePerSecond,
    offeredPerSecond: donePerSecond * times,
    sentPerSecond: (sent / seconds) * tasksARequest,
    acceptedPerSecond: ids.length / seconds,
    refused: refusedMs.length,
    statuses,
    unclear: unclear.length,
    lost: await lostOf(offered, doneBefore),
    acceptedP50Ms: percentile(acceptedMs, 0.5),
    acceptedP99Ms: percentile(acceptedMs, 0.99),
    refusedP99Ms: percentile(refusedMs, 0.99),
    quiet,
    beside,
  };
}

/** Acknowledged tasks that are not completed, once there was time for all of them. */
async function lostOf({ ids }: Offered, doneBefore: number): Promise<number> {
  for (const until = performance.now() + 60_000; performance.now() < until;) {
    if ((await target.completed()) >= doneBefore + ids.length) break;
    await new Promise((done) => setTimeout(done, 100));
  }
  let lost = 0;
  await asFastAsPossible(
    target,
    { connections: 32, count: ids.length, withinMs: 120_000 },
    (n) => target.read(ids[n] ?? ''),
    (_, { body }) => {
      if (!target.isResult(0, body) && !body.includes('"status":"completed"')) lost += 1;
    },
  );
  return lost;
}

/** From submit to result, of the neighbour's tasks. */
async function timesOf(neighbour: RunningTarget, forSeconds: number): Promise<Times> {
  const taken = await atRate(
    neighbour,
    1_000 / NEIGHBOUR_PER_SECOND,
    forSeconds * NEIGHBOUR_PER_SECOND,
    (n) => neighbour.submit(n, 'wait'),
    (n, { status, body }) => {
      if (!neighbour.isResult(n, body)) throw new Error(`A task of the neighbour did not have its result: ${status} ${body}`);
    },
  );
  return { p50Ms: percentile(taken, 0.5), p99Ms: percentile(taken, 0.99), maxMs: Math.max(...taken) };
}

/** The same service as another namespace sees it. */
async function newNamespace({ url, headers, ...rest }: RunningTarget, name: string): Promise<RunningTarget> {
  const authorization = /authorization: (.*)\r\n/.exec(headers)?.[1] ?? '';
  const post = async (path: string, body: unknown): Promise<{ key: string }> => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as { key: string };
  };
  await post('/v1/namespaces', { name });
  const { key } = await post('/v1/keys', { name, namespace: name, scopes: ['tasks:submit', 'tasks:read'] });
  return { ...rest, url, headers: `authorization: Bearer ${key}\r\n` };
}

function runtimeOf(name: string): RuntimeName {
  if (!isRuntimeName(name)) throw new Error(`There is no runtime "${name}".`);
  return name;
}
