/** The entry for Deno: the service behind `Deno.serve`. */
import type { ServedApi } from '../../api/app.ts';
import { serveLocally } from './serve.ts';

interface DenoServer {
  readonly addr: { readonly port: number };
  readonly finished: Promise<void>;
  shutdown(): Promise<void>;
}
declare const Deno: {
  serve(options: { hostname: string; port: number; onListen: () => void }, handle: ServedApi['fetch']): DenoServer;
};

await serveLocally(async ({ fetch }, hostname, port) => {
  const server = Deno.serve({ hostname, port, onListen: () => undefined }, fetch);
  return {
    port: server.addr.port,
    close: () => void server.shutdown(),
    // The end of the process cuts off what is left: to abort a server that shuts down is a fault in Deno.
    async drain(graceMs) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const cut = setTimeout(resolve, graceMs);
      await Promise.race([server.finished, promise]);
      clearTimeout(cut);
    },
  };
});
