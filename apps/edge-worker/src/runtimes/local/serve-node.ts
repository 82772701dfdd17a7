/** The entry for Node: the service behind `node:http`. */
import { createServer } from 'node:http';
import { enableCompileCache } from 'node:module';
import type { AddressInfo } from 'node:net';
import { COMPILE_CACHE } from '../compile-cache.ts';
import { knowDrizzleFormat } from './drizzle-format.ts';

// Before anything else is loaded: types are stripped and code is compiled at the first start, not at every one.
enableCompileCache(COMPILE_CACHE);
knowDrizzleFormat();
const { getRequestListener } = await import('@hono/node-server');
const { NodeRequest, writeAnswer } = await import('./node-request.ts');
const { serveLocally } = await import('./serve.ts');
const { malformedRequest } = await import('./malformed-request.ts');

await serveLocally(async (api, host, port) => {
  const listener = getRequestListener(api.fetch, { hostname: host, errorHandler: malformedRequest });
  const server = createServer((incoming, outgoing) => {
    const answer = api.answerPlain(new NodeRequest(incoming), incoming.url ?? '');
    if (answer === undefined) void listener(incoming, outgoing);
    else answer.then((given) => writeAnswer(outgoing, given)).catch(() => outgoing.destroy());
  });
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
