import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { moodOf, type Mood } from './third-party-mood.ts';
import { startThirdParty, type ThirdParty } from './third-party-process.ts';
import { signedHeaders } from './third-party-webhooks.ts';

let dir: string;
let psp: ThirdParty;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'third party '));
  psp = await startThirdParty({ dir });
});
afterEach(async () => {
  await psp.stop();
  rmSync(dir, { recursive: true, force: true });
});

function call(method: string, path: string, body?: unknown, key?: string): Promise<Response> {
  return fetch(`${psp.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${psp.token}`, ...(key === undefined ? {} : { 'idempotency-key': key }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

function keyWith(kind: Mood['kind']): string {
  for (let at = 0; ; at += 1) if (moodOf(`key-${at}`).kind === kind) return `key-${at}`;
}

const CHARGE = { amount: 1_250, currency: 'EUR', order: 'ord-00001' };

test('refuses a charge without a key, and anybody without the token', async () => {
  expect((await call('POST', '/charges', CHARGE)).status).toBe(400);
  expect((await fetch(`${psp.url}/charges`)).status).toBe(401);
});

test('answers the same charge for the same key, and refuses another body under it', async () => {
  const key = keyWith('good');
  const first = await call('POST', '/charges', CHARGE, key);
  expect(first.status).toBe(201);
  expect(await (await call('POST', '/charges', CHARGE, key)).json()).toEqual(await first.json());
  expect((await call('POST', '/charges', { ...CHARGE, amount: 1 }, key)).status).toBe(422);
  expect(await (await call('GET', '/stats')).json()).toMatchObject({ charges: 1, distinctKeys: 1, succeeded: 1 });
});

test('charges once when it breaks, loses its answer or is busy at first', async () => {
  for (const kind of ['broken', 'answer-lost', 'busy'] as const) {
    const key = keyWith(kind);
    const first = await call('POST', '/charges', CHARGE, key);
    expect([first.status, first.headers.get('retry-after')]).toEqual(kind === 'busy' ? [429, '1'] : [500, null]);
    let status = 0;
    for (let tries = 0; status !== 201 && tries < 3; tries += 1) status = (await call('POST', '/charges', CHARGE, key)).status;
    expect(status).toBe(201);
  }
  expect(await (await call('GET', '/stats')).json()).toMatchObject({ charges: 3, distinctKeys: 3 });
});

test('sends a pending charge its signed webhook until it is accepted, over a restart and on the same port', async () => {
  const seen: { body: string; headers: Record<string, unknown> }[] = [];
  const receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ body, headers: request.headers });
      response.writeHead(seen.length === 1 ? 503 : 202).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    expect((await call('POST', '/charges', CHARGE, keyWith('pending'))).status).toBe(202);
    const before = psp.url;
    await psp.stop();
    psp = await startThirdParty({ dir });
    expect(psp.url).toBe(before);
    expect((await call('POST', '/webhook', { url, secret: psp.webhookSecret })).status).toBe(200);
    await expect
      .poll(async () => ((await (await call('GET', '/stats')).json()) as { webhooksDelivered: number }).webhooksDelivered, {
        timeout: 8_000,
      })
      .toBe(1);
    const last = seen[1];
    const timestamp = Number(last?.headers['webhook-timestamp']);
    expect(last?.headers).toMatchObject(
      signedHeaders(String(seen[0]?.headers['webhook-id']), timestamp, last?.body ?? '', psp.webhookSecret),
    );
    expect(JSON.parse(last?.body ?? '')).toMatchObject({ type: 'charge.succeeded', data: { ...CHARGE, status: 'succeeded' } });
  } finally {
    receiver.close();
  }
}, 15_000);

test('ends the orphan of its own directory', async () => {
  const orphan = psp;
  psp = await startThirdParty({ dir });
  expect(psp.pid).not.toBe(orphan.pid);
  expect(() => process.kill(orphan.pid, 0)).toThrow('ESRCH');
});
