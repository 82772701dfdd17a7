/** The entry for Deno: the service behind `Deno.serve`. */
import { serveLocally, type Handle } from './serve.ts';

interface DenoServer {
  readonly addr: { readonly port: number };
  readonly finished: Promise<void>;
  shutdown(): Promise<void>;
}
declare const Deno: {
  serve(options: { hostname: string; port: number; onListen: () => void }, handle: Handle): DenoServer;
};

await serveLocally(async (handle, hostname, port) => {
  const server = Deno.serve({ hostname, port, onListen: () => undefined }, handle);
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
