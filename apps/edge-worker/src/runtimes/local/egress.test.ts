import type { LookupAddress } from 'node:dns';
import { createServer } from 'node:http';
import { createServer as createSocketServer, type AddressInfo, type Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createEgressGuard, type AllowedHost } from '@errand/executors/integration/egress';
import type { OutboundRequest } from '@errand/executors/integration/outbound';
import { createNodeOutbound, type Resolve } from './egress.ts';

const open: Server[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise((done) => server.close(done))));
});

function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  open.push(server);
  return new Promise((done) => server.listen(0, host, () => done((server.address() as AddressInfo).port)));
}

/** A socket that counts who connects: the guard's promise is that nobody does. */
async function sink(host = '127.0.0.1') {
  const counted = { connections: 0, port: 0 };
  const server = createSocketServer((socket) => {
    counted.connections += 1;
    socket.destroy();
  });
  counted.port = await listen(server, host);
  return counted;
}

const allow = (host: string, port: AllowedHost['port'] = '*') => createEgressGuard([{ host, port }]);
const resolvesTo =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));

const unresolved: Resolve = async () => {
  throw new Error('ENOTFOUND');
};

function call(url: string, over: Partial<OutboundRequest> = {}): OutboundRequest {
  return { url, method: 'GET', headers: {}, timeoutMs: 2_000, signal: new AbortController().signal, ...over };
}

describe('an outbound call', () => {
  it('reaches an allowed host, with method, headers and body as given', async () => {
    const port = await listen(
      createServer((request, response) => {
        let body = '';
        request.on('data', (chunk) => (body += String(chunk)));
        request.on('end', () => {
          response.writeHead(418, {
            'content-type': 'text/plain',
            'x-seen': `${request.method} ${request.headers['x-a']} ${request.headers.host}`,
          });
          response.end(body);
        });
      }),
    );
    const answer = await createNodeOutbound(allow('127.0.0.1'))(
      call(`http://127.0.0.1:${port}/x`, { method: 'PUT', headers: { 'x-a': '1', host: 'evil', 'content-length': '999' }, body: 'ü' }),
    );
    expect(answer).toMatchObject({ ok: true, response: { status: 418, headers: { 'x-seen': `PUT 1 127.0.0.1:${port}` } } });
    expect(answer.ok && new TextDecoder().decode(answer.response.body)).toBe('ü');
  });

  it('goes to the address that was judged, not to one a second look-up gives', async () => {
    const port = await listen(createServer((_request, response) => response.end('here')));
    let lookups = 0;
    const answer = await createNodeOutbound(allow('name.example'), async () => {
      lookups += 1;
      return [{ address: '127.0.0.1', family: 4 }];
    })(call(`http://name.example:${port}/`));
    expect([answer.ok, lookups]).toEqual([true, 1]);
  });

  it.each([
    ['loopback', ['127.0.0.1']],
    ['loopback in IPv6', ['::1']],
    ['IPv4 inside IPv6', ['::ffff:127.0.0.1']],
    ['a private one', ['10.0.0.1']],
    ['link-local', ['169.254.169.254']],
    ['one private among public ones', ['93.184.215.14', '127.0.0.1']],
    ['nonsense', ['nonsense']],
  ])('connects nowhere when a name leads to %s', async (_what, addresses) => {
    const v4 = await sink();
    const answer = await createNodeOutbound(createEgressGuard([]), resolvesTo(...addresses))(call(`https://name.example:${v4.port}/`));
    expect(answer).toMatchObject({ ok: false, fault: { kind: 'blocked' } });
    expect(v4.connections).toBe(0);
  });

  it.each([
    'http://127.0.0.1',
    'https://127.0.0.1',
    'https://2130706433',
    'https://0x7f000001',
    'https://[::ffff:127.0.0.1]',
    'https://localhost',
  ])('connects nowhere for %s', async (origin) => {
    const v4 = await sink();
    const answer = await createNodeOutbound(createEgressGuard([]))(call(`${origin}:${v4.port}/`));
    expect(answer).toMatchObject({ ok: false, fault: { kind: 'blocked' } });
    expect(v4.connections).toBe(0);
  });

  it('connects to an allowed host on its port alone', async () => {
    const [allowed, other] = [await sink(), await sink()];
    const send = createNodeOutbound(allow('127.0.0.1', allowed.port));
    expect(await send(call(`http://127.0.0.1:${other.port}/`))).toMatchObject({ fault: { kind: 'blocked' } });
    expect(await send(call(`http://127.0.0.1:${allowed.port}/`))).toMatchObject({ fault: { kind: 'connection' } });
    expect([allowed.connections, other.connections]).toEqual([1, 0]);
  });

  it('does not follow a redirect', async () => {
    const target = await sink();
    const port = await listen(
      createServer((_request, response) => response.writeHead(302, { location: `http://127.0.0.1:${target.port}/` }).end()),
    );
    const answer = await createNodeOutbound(allow('127.0.0.1'))(call(`http://127.0.0.1:${port}/`));
    expect([answer.ok && answer.response.status, target.connections]).toEqual([302, 0]);
  });

  it('tells apart why there is no answer', async () => {
    const silent = createSocketServer(() => {});
    const silentPort = await listen(silent);
    const plainPort = await listen(createServer((_request, response) => response.end()));
    const closed = await sink();
    const send = createNodeOutbound(allow('127.0.0.1'));
    const kindOf = async (url: string, timeoutMs = 2_000) => {
      const answer = await send(call(url, { timeoutMs }));
      return answer.ok ? 'answered' : answer.fault.kind;
    };
    const sockets = new Set<{ destroy(): void }>();
    silent.on('connection', (socket) => sockets.add(socket));
    expect(await kindOf(`http://127.0.0.1:${silentPort}/`, 50)).toBe('timeout');
    for (const socket of sockets) socket.destroy();
    expect(await kindOf(`https://127.0.0.1:${plainPort}/`)).toBe('tls');
    expect(await kindOf(`http://127.0.0.1:${closed.port}/`)).toBe('connection');
    expect(await createNodeOutbound(createEgressGuard([]), unresolved)(call('https://name.example/'))).toMatchObject({
      fault: { kind: 'connection' },
    });
  });

  it('reads an answer up to its limit, compressed ones too', async () => {
    let body: Buffer = Buffer.alloc(0);
    let encoding = '';
    const port = await listen(
      createServer((_request, response) => {
        response.writeHead(200, encoding === '' ? {} : { 'content-encoding': encoding });
        response.end(body);
      }),
    );
    const send = createNodeOutbound(allow('127.0.0.1'));
    const read = async (bytes: Buffer, as: string) => {
      [body, encoding] = [bytes, as];
      const answer = await send(call(`http://127.0.0.1:${port}/`));
      return answer.ok ? answer.response.body.length : answer.fault.kind;
    };
    expect(await read(Buffer.alloc(1_048_576), '')).toBe(1_048_576);
    expect(await read(Buffer.alloc(1_048_577), '')).toBe('too_large');
    expect(await read(gzipSync(Buffer.alloc(10)), 'gzip')).toBe(10);
    expect(await read(gzipSync(Buffer.alloc(50_000_000)), 'gzip')).toBe('too_large');
    expect(await read(Buffer.from('no gzip'), 'gzip')).toBe('connection');
  });

  it('keeps the status of a refusal, however much it says and however it is packed', async () => {
    let body: Buffer = Buffer.alloc(0);
    let encoding = '';
    const port = await listen(
      createServer((_request, response) => {
        response.writeHead(503, { 'retry-after': '7', ...(encoding === '' ? {} : { 'content-encoding': encoding }) });
        response.end(body);
      }),
    );
    const send = createNodeOutbound(allow('127.0.0.1'));
    const read = async (bytes: Buffer, as: string) => {
      [body, encoding] = [bytes, as];
      const answer = await send(call(`http://127.0.0.1:${port}/`));
      return answer.ok && [answer.response.status, answer.response.headers['retry-after'], answer.response.body.length <= 1_048_576];
    };
    expect(await read(Buffer.alloc(3_000_000), '')).toEqual([503, '7', true]);
    expect(await read(gzipSync(Buffer.alloc(50_000_000)), 'gzip')).toEqual([503, '7', true]);
    expect(await read(Buffer.from('no gzip'), 'gzip')).toEqual([503, '7', true]);
  });

  it('ends when its caller gives up', async () => {
    const server = createSocketServer((socket) => sockets.add(socket));
    const sockets = new Set<{ destroy(): void }>();
    const port = await listen(server);
    const abort = new AbortController();
    const answer = createNodeOutbound(allow('127.0.0.1'))(call(`http://127.0.0.1:${port}/`, { signal: abort.signal }));
    abort.abort();
    expect(await answer).toMatchObject({ fault: { kind: 'timeout' } });
    for (const socket of sockets) socket.destroy();
  });
});
