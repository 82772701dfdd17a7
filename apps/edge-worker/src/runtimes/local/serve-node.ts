/** The entry for Node: the service behind `node:http`. */
import type { Server } from 'node:http';
import { enableCompileCache } from 'node:module';
import type { AddressInfo } from 'node:net';
import { COMPILE_CACHE } from '../compile-cache.ts';

// Before anything else is loaded: types are stripped and code is compiled at the first start, not at every one.
enableCompileCache(COMPILE_CACHE);
const { createAdaptorServer } = await import('@hono/node-server');
const { serveLocally } = await import('./serve.ts');

await serveLocally(async (handle, host, port) => {
  const server = createAdaptorServer({ fetch: handle }) as Server;
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, host, done);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => void server.close(),
    drain: (graceMs) =>
      new Promise((done) => {
        const cut = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(cut);
          done();
        });
        server.closeIdleConnections();
      }),
  };
});
