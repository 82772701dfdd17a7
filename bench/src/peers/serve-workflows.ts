/** Serves `workflows-worker.js` in miniflare, and says on standard output where. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';

const NAME = 'sums';
const directory = process.env['PEER_DIRECTORY'] ?? '';
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    resourcePersistencePath: directory,
    workflowsPersist: join(directory, 'workflows'),
    workers: [
      {
        name: NAME,
        modules: true,
        script: readFileSync(join(import.meta.dirname, 'workflows-worker.js'), 'utf8'),
        compatibilityDate: '2026-07-01',
        workflows: { SUMS: { name: NAME, className: 'Sum' } },
        unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
      },
    ],
  } as Parameters<typeof convertV4MiniflareOptions>[0]),
);
await miniflare.ready;
const url = String(await miniflare.unsafeGetDirectURL(NAME)).replace(/\/$/, '');
console.log(`ready ${url}`);
const stop = async (): Promise<void> => {
  await miniflare.dispose();
  process.exit(0);
};
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
process.stdin.on('end', () => void stop()).resume();
