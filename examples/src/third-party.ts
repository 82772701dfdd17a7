/**
 * The example third party: a payment provider as a process of its own, with its own books and its own idempotency.
 * It is as unreliable as real ones are, and knows nothing of the service that calls it.
 *
 * `node third-party.ts --dir <directory> [--port <n>] [--with-parent]` prints one line of JSON when it is ready:
 * `{ "url", "port" }`. The bearer token is taken from `THIRD_PARTY_TOKEN`. With `--with-parent` it ends when its standard input does.
 */
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { moodOf } from './third-party-mood.ts';
import { openStore, type Charge } from './third-party-store.ts';
import { startWebhooks } from './third-party-webhooks.ts';

interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

const LARGEST_BODY_BYTES = 64 * 1_024;

const { values: options } = parseArgs({
  options: { dir: { type: 'string' }, port: { type: 'string', default: '0' }, 'with-parent': { type: 'boolean', default: false } },
});
const token = process.env['THIRD_PARTY_TOKEN'];
if (options.dir === undefined || !token) throw new Error('--dir and THIRD_PARTY_TOKEN are needed');
mkdirSync(options.dir, { recursive: true });
const store = openStore(join(options.dir, 'third-party.sqlite'));
const webhooks = startWebhooks(store);

const server = createServer((request, response) => {
  void answer(request)
    .catch((error: unknown): Reply => ({ status: 500, body: { error: String(error) } }))
    .then((reply) => {
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
      response.end(JSON.stringify(reply.body));
    });
});
server.listen(Number(options.port), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, port }));
});

process.on('SIGTERM', stop);
process.on('SIGINT', stop);
if (options['with-parent']) process.stdin.on('end', stop).on('error', stop).resume();

function stop(): void {
  webhooks.stop();
  server.close();
  server.closeAllConnections();
  store.close();
  process.exit(0);
}

async function answer(request: IncomingMessage): Promise<Reply> {
  if (!sameText(request.headers.authorization ?? '', `Bearer ${token}`)) return refusal(401, 'a bearer token is needed');
  switch (`${request.method} ${request.url}`) {
    case 'POST /charges':
      return await createCharge(request);
    case 'GET /charges':
      return { status: 200, body: { items: store.charges().map(publicView) } };
    case 'GET /stats':
      return { status: 200, body: store.stats() };
    case 'GET /identity':
      return { status: 200, body: { pid: process.pid } };
    case 'POST /webhook':
      return configureWebhook(await readBody(request));
    default:
      return refusal(404, 'no such path');
  }
}

async function createCharge(request: IncomingMessage): Promise<Reply> {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') return refusal(400, 'an Idempotency-Key is needed');
  const body = await readBody(request);
  if (!isChargeRequest(body)) return refusal(422, 'amount (a positive whole number), currency and order are needed');
  const digest = createHash('sha256')
    .update(JSON.stringify([body.amount, body.currency, body.order]))
    .digest('hex');
  const known = store.chargeOfKey(key);
  if (known !== undefined)
    return known.digest === digest ? chargeReply(known) : refusal(422, 'this Idempotency-Key was used with another body');

  const mood = moodOf(key);
  const attempt = store.countTry(key);
  if (mood.kind === 'broken' && attempt <= mood.tries) return refusal(500, 'something broke before anything was charged');
  if (mood.kind === 'busy' && attempt === 1) return { ...refusal(429, 'too many charges at once'), headers: { 'retry-after': '1' } };
  if (mood.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, mood.delayMs));
  // Whoever was slow looks again, for the same key may have come twice meanwhile.
  const twin = store.chargeOfKey(key);
  if (twin !== undefined)
    return twin.digest === digest ? chargeReply(twin) : refusal(422, 'this Idempotency-Key was used with another body');
  const { amount, currency, order } = body;
  const charge: Charge = {
    id: `ch_${randomUUID()}`,
    key,
    digest,
    order,
    amount,
    currency,
    status: mood.kind === 'pending' ? 'pending' : 'succeeded',
  };
  store.insert(charge, mood.kind === 'pending' ? Date.now() + mood.webhookAfterMs : 0);
  if (mood.kind === 'answer-lost') return refusal(500, 'the charge was made, and its answer lost');
  return chargeReply(charge);
}

function chargeReply(charge: Charge): Reply {
  if (charge.status === 'pending') return { status: 202, body: { id: charge.id, status: 'pending' } };
  return { status: 201, body: publicView(charge) };
}

function publicView({ id, amount, currency, status, order }: Charge): unknown {
  return { id, amount, currency, status, order };
}

function configureWebhook(body: unknown): Reply {
  const { url, secret } = body as { url?: unknown; secret?: unknown };
  if (typeof url !== 'string' || !URL.canParse(url) || typeof secret !== 'string' || !secret.startsWith('whsec_')) {
    return refusal(422, 'url and secret (whsec_…) are needed');
  }
  store.set('webhookUrl', url);
  store.set('webhookSecret', secret);
  return { status: 200, body: { url } };
}

function isChargeRequest(body: unknown): body is { amount: number; currency: string; order: string } {
  if (typeof body !== 'object' || body === null) return false;
  const { amount, currency, order } = body as Record<string, unknown>;
  return Number.isSafeInteger(amount) && (amount as number) > 0 && typeof currency === 'string' && typeof order === 'string';
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY_BYTES) return {};
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) ?? {};
  } catch {
    return {};
  }
}

function refusal(status: number, error: string): Reply {
  return { status, body: { error } };
}

function sameText(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
