/**
 * A request of `node:http` as endpoints read it, and their answers written straight back. `Request`, `Headers` and `Response`
 * cost more than accepting a task does.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Answer } from '../../api/answer.ts';
import type { ApiRequest } from '../../api/api-request.ts';

export class NodeRequest implements ApiRequest {
  readonly headers: ApiRequest['headers'];
  readonly #incoming: IncomingMessage;
  #body: ApiRequest['body'] | undefined;
  #collected = false;

  constructor(incoming: IncomingMessage) {
    this.#incoming = incoming;
    this.headers = new NodeHeaders(incoming);
  }

  get method(): string {
    return this.#incoming.method ?? '';
  }

  get bodyUsed(): boolean {
    return this.#collected;
  }

  get body(): ApiRequest['body'] {
    if (this.method === 'GET') return null;
    this.#body ??= Readable.toWeb(this.#incoming) as unknown as NonNullable<ApiRequest['body']>;
    return this.#body;
  }

  letGo(): void {
    this.#collected = true;
    this.#incoming.resume();
  }

  /** The body, whole. Rejects when the client goes away before its end. */
  arrayBuffer(): Promise<ArrayBuffer> {
    this.#collected = true;
    const incoming = this.#incoming;
    return new Promise((resolve, reject) => {
      // It may have waited for its turn, and its client not so long.
      if (incoming.destroyed) return reject(new Error('The client went away before its request was read.'));
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('end', () => resolve(bufferOf(chunks)));
      incoming.once('error', reject);
      incoming.once('close', () => reject(new Error('The client went away while it sent its request.')));
    });
  }
}

class NodeHeaders {
  readonly #incoming: IncomingMessage;

  constructor(incoming: IncomingMessage) {
    this.#incoming = incoming;
  }

  get(name: string): string | null {
    const value = this.#incoming.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : (value ?? null);
  }

  has(name: string): boolean {
    return this.#incoming.headers[name.toLowerCase()] !== undefined;
  }
}

/** Writes an answer. What goes wrong from here on, the client is gone. */
export function writeAnswer(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  const length = body === null ? (status === 304 ? {} : { 'content-length': 0 }) : { 'content-length': Buffer.byteLength(body) };
  outgoing.writeHead(status, { ...headers, ...length });
  outgoing.end(body ?? undefined);
}

function bufferOf(chunks: readonly Buffer[]): ArrayBuffer {
  const [only] = chunks;
  const bytes = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}
