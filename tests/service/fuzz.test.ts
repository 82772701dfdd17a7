/**
 * Hostile input costs bounded memory and time and is never a fault: requests drawn from what the service says of itself in
 * `/openapi.json`. The seed is printed; `ERRAND_FUZZ_SEED` draws the same again, `ERRAND_FUZZ_COUNT` as many as one likes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childrenOf } from '../chaos/process-tree.ts';
import { attack, type Report } from './fuzz/attack.ts';
import { CONNECTION, layOut, TYPES, type Prey } from './fuzz/prey.ts';
import { drawRequests, type OpenApi } from './fuzz/requests.ts';
import { startLoopback, type Loopback } from './loopback.ts';
import { RUNTIME, startService, temporaryDirectory, type RunningService } from './running-service.ts';

const FULL = process.env['ERRAND_TEST_FULL'] === '1';
/** The same requests at every run, so that a change is judged by what it changed; the longer count draws new ones. */
const SEED = Number(
  process.env['ERRAND_FUZZ_SEED'] ?? (process.env['ERRAND_TEST_FULL'] === '1' ? Math.floor(Math.random() * 2 ** 31) : 9457),
);
const COUNT = Number(process.env['ERRAND_FUZZ_COUNT'] ?? (FULL ? 100_000 : 2_000));
/** What a service may hold more than before: caches fill, and a garbage collector takes its time. */
const MAX_GROWTH_MB = 768;
/** For a machine that has other things to do. */
const TIMEOUT_MS = 120_000 + COUNT * 20;

const directory = temporaryDirectory();
let thirdParty: Loopback;
let service: RunningService;
let prey: Prey;
let report: Report;
let grownMb: number;

beforeAll(async () => {
  thirdParty = await startLoopback();
  service = await startService(directory.path, { env: { ERRAND_EGRESS_ALLOW: `127.0.0.1:${thirdParty.port}` } });
  prey = await layOut(service, thirdParty);
  const document = (await service.call('GET', '/openapi.json')).body as OpenApi;
  const known = { hook: [prey.hookId], type: [...TYPES], connection: [CONNECTION], url: [`${thirdParty.url}/done`] };
  const requests = drawRequests(document, SEED, COUNT);
  const beforeMb = residentMb(service.process.pid ?? 0);
  report = await attack(service, requests, prey.canaries, known);
  grownMb = residentMb(service.process.pid ?? 0) - beforeMb;
  console.log(
    `fuzz on ${RUNTIME}: seed ${SEED}, ${report.sent} requests, ${grownMb} MB, slowest ${report.slowestMs} ms, ${JSON.stringify(report.byStatus)}`,
  );
}, TIMEOUT_MS);
afterAll(async () => {
  await service?.stop();
  await thirdParty?.close();
  directory.remove();
});

describe(`requests of seed ${SEED}`, () => {
  it('are answered each: no fault, no hang, no secret, no word of the inside', () => {
    expect(report.faults).toEqual([]);
    expect(report.sent).toBe(COUNT);
  });

  it('are understood often enough to reach what lies behind the checks', () => {
    const share = (from: number, to: number): number =>
      Object.entries(report.byStatus).reduce((sum, [status, n]) => sum + (Number(status) >= from && Number(status) < to ? n : 0), 0) /
      report.sent;
    expect(share(200, 300)).toBeGreaterThan(0.1);
    expect(share(400, 500)).toBeGreaterThan(0.1);
    for (const status of [201, 207, 400, 401, 404, 406, 409, 415, 422]) expect(Object.keys(report.byStatus)).toContain(String(status));
  });

  it('cost bounded memory', () => {
    expect(grownMb).toBeLessThan(MAX_GROWTH_MB);
  });

  it('leave a service that works', async () => {
    expect((await service.call('GET', '/readyz')).status).toBe(200);
    const name = `after-${SEED}`;
    expect((await service.call('POST', '/v1/namespaces', { name })).status).toBe(201);
    const { key } = (await service.call('POST', '/v1/keys', { name: 'after', scopes: ['tasks:submit'], namespace: name })).body;
    const sum = { type: 'example.sum', version: 1, input: { a: 1, b: 2 } };
    const { status, body } = await service.call('POST', '/v1/tasks', sum, { authorization: `Bearer ${key}`, prefer: 'wait=10' });
    expect([status, body.status, body.output]).toEqual([201, 'completed', { sum: 3 }]);
  });

  it('leave no task with a gap in its events, or without one', async () => {
    const { items } = (await service.call('GET', '/v1/tasks?limit=100&system=true')).body;
    expect(items.length).toBeGreaterThan(20);
    for (const { id } of items) {
      const events = (await service.call('GET', `/v1/tasks/${id}/events`)).body.items;
      expect(events.map((event: any) => event.sequence)).toEqual(events.map((_: unknown, i: number) => i + 1));
      expect(events.length).toBeGreaterThan(0);
    }
  });

  it('leave no secret in a log or a file', async () => {
    await service.stop();
    const hidden = prey.canaries.filter((canary) => canary !== service.apiKey && canary !== service.signingSecret);
    expect(hidden.filter((canary) => service.printed().includes(canary))).toEqual([]);
    for (const path of filesBelow(directory.path)) {
      const bytes = readFileSync(path);
      expect([path, hidden.filter((canary) => bytes.includes(canary))]).toEqual([path, []]);
    }
    expect(service.printed()).not.toMatch(/unhandled|uncaught/i);
  });
});

/** Memory of a process and all that it started, MB; 0 where the system does not tell. */
function residentMb(pid: number): number {
  try {
    const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    return childrenOf(pid).reduce((sum, child) => sum + residentMb(child), Math.round(kilobytes / 1_024));
  } catch {
    return 0;
  }
}

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
