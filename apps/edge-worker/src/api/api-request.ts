/** What the endpoints that are asked most read of a request: a `Request` has it all, and a runtime may bring something cheaper. */
export interface ApiRequest {
  readonly method: string;
  readonly headers: Pick<Headers, 'get' | 'has'>;
  readonly body: Request['body'];
  readonly bodyUsed: boolean;
  /** What Cloudflare knows of the connection. */
  readonly cf?: unknown;
  arrayBuffer(): Promise<ArrayBuffer>;
  /** Lets go of a body that nobody reads, where that is cheaper than to read it. */
  letGo?(): void;
}
