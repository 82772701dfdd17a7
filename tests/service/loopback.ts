/** Third parties for tests: HTTP servers on loopback that answer what a test tells them, and remember what they were asked. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createSocketServer, type AddressInfo } from 'node:net';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: any;
}
export interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

export interface Loopback {
  readonly port: number;
  readonly url: string;
  readonly seen: Seen[];
  /** What the next requests get. */
  reply: (request: Seen) => Reply | Promise<Reply>;
  close(): Promise<void>;
}

export async function startLoopback(): Promise<Loopback> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', async () => {
      const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: parsed(text) };
      seen.push(one);
      const { status, headers, body } = await loopback.reply(one);
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body === undefined ? '' : JSON.stringify(body));
    });
  });
  const port = await listening(server);
  const loopback: Loopback = {
    port,
    url: `http://127.0.0.1:${port}`,
    seen,
    reply: () => ({ status: 200, body: {} }),
    close: () => new Promise((done) => (server.closeAllConnections(), server.close(() => done()))),
  };
  return loopback;
}

/** A socket that counts who connects. */
export async function startSink(): Promise<{ readonly port: number; connections(): number; close(): Promise<void> }> {
  let connections = 0;
  const server = createSocketServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  const port = await listening(server as Server);
  return { port, connections: () => connections, close: () => new Promise((done) => server.close(() => done())) };
}

function listening(server: Server): Promise<number> {
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)));
}

function parsed(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
