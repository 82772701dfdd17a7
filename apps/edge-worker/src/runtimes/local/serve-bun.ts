/** The entry for Bun: the service behind `Bun.serve`. */
import type { ServedApi } from '../../api/app.ts';
import { serveLocally } from './serve.ts';

interface BunServer {
  readonly port: number;
  stop(closeActiveConnections: boolean): Promise<void>;
}
declare const Bun: {
  serve(options: {
    readonly hostname: string;
    readonly port: number;
    readonly idleTimeout: number;
    readonly development: boolean;
    readonly fetch: ServedApi['fetch'];
  }): BunServer;
};

/** Seconds without a byte after which a connection is closed: longer than any long poll. */
const IDLE_TIMEOUT_S = 60;

await serveLocally(async ({ fetch }, hostname, port) => {
  const server = Bun.serve({ hostname, port, idleTimeout: IDLE_TIMEOUT_S, development: false, fetch });
  let stopped: Promise<void> | undefined;
  return {
    port: server.port,
    close: () => {
      stopped ??= server.stop(false);
    },
    async drain(graceMs) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const cut = setTimeout(resolve, graceMs);
      await Promise.race([stopped, promise]);
      clearTimeout(cut);
      await Promise.race([server.stop(true), promise]);
    },
  };
});
