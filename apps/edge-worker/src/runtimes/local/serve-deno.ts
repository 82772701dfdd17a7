/** The entry for Deno: the service behind `Deno.serve`. */
import type { ServedApi } from '../../api/app.ts';
import { serveLocally } from './serve.ts';

interface DenoServer {
  readonly addr: { readonly port: number };
  readonly finished: Promise<void>;
  shutdown(): Promise<void>;
}
declare const Deno: {
  serve(options: { hostname: string; port: number; signal: AbortSignal; onListen: () => void }, handle: ServedApi['fetch']): DenoServer;
};

await serveLocally(async ({ fetch }, hostname, port) => {
  const cut = new AbortController();
  const server = Deno.serve({ hostname, port, signal: cut.signal, onListen: () => undefined }, fetch);
  return {
    port: server.addr.port,
    close: () => void server.shutdown(),
    async drain(graceMs) {
      const timer = setTimeout(() => cut.abort(), graceMs);
      await server.finished;
      clearTimeout(timer);
    },
  };
});
