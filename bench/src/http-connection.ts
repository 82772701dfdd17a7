/**
 * One HTTP connection, one request at a time, over a bare socket: server and client share the machine's cores, so the client
 * must cost next to nothing. It reads what a service of ours answers, and is no general client.
 */
import { createConnection, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  /** The status line and the headers. */
  readonly head: string;
  readonly body: string;
}

interface Asked {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (fault: Error) => void;
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');

export class HttpConnection {
  readonly #socket: Socket;
  readonly #host: string;
  #received: Buffer = Buffer.alloc(0);
  #asked: Asked | undefined;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (fault) => this.#fail(fault));
    socket.on('close', () => this.#fail(new Error('The server closed the connection.')));
  }

  /** Connects to the origin of `url`. */
  static open(url: string): Promise<HttpConnection> {
    const { hostname, port, host } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = createConnection({ host: hostname, port: Number(port) }, () => resolve(new HttpConnection(socket, host)));
      socket.once('error', reject);
    });
  }

  /** Sends one request and gives its answer. `headers` are whole lines, each ended by CR LF. */
  request(method: string, path: string, headers: string, body?: string): Promise<Answer> {
    const length = body === undefined ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
    return new Promise((resolve, reject) => {
      this.#asked = { resolve, reject };
      this.#socket.write(`${method} ${path} HTTP/1.1\r\nhost: ${this.#host}\r\n${headers}${length}\r\n${body ?? ''}`);
    });
  }

  close(): void {
    this.#asked = undefined;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const answer = parseAnswer(this.#received);
    const asked = this.#asked;
    if (answer === undefined || asked === undefined) return;
    this.#received = Buffer.alloc(0);
    this.#asked = undefined;
    asked.resolve(answer);
  }

  #fail(fault: Error): void {
    this.#asked?.reject(fault);
    this.#asked = undefined;
  }
}

/** The answer, once all of it is there. */
function parseAnswer(bytes: Buffer): Answer | undefined {
  const headEnd = bytes.indexOf(END_OF_HEAD);
  if (headEnd === -1) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const status = Number(head.slice(9, 12));
  const bodyStart = headEnd + END_OF_HEAD.length;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const bodyEnd = bodyStart + Number(length);
    return bytes.length < bodyEnd ? undefined : { status, head, body: bytes.toString('utf8', bodyStart, bodyEnd) };
  }
  const body = unchunked(bytes, bodyStart);
  return body === undefined ? undefined : { status, head, body };
}

/** The body of a chunked answer, once its last chunk is there. */
function unchunked(bytes: Buffer, start: number): string | undefined {
  let body = '';
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const chunkEnd = lineEnd + 2 + size;
    if (bytes.length < chunkEnd + 2) return undefined;
    if (size === 0) return body;
    body += bytes.toString('utf8', lineEnd + 2, chunkEnd);
    at = chunkEnd + 2;
  }
}
