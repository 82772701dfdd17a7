/** Runs the service in workerd on this machine, until it is told to stop. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { egressGuardOf } from '@errand/executors/integration/egress';
import { recordChild, StartRefused } from '../data-directory.ts';
import { createNodeOutbound } from '../local/egress.ts';
import { HOST, PROCESS_ID, runService, serviceSettings, type OpenedDirectory, type Serving } from '../serving.ts';
import { bundleWorker } from './bundle.ts';
import { miniflareOptions, WORKER_NAME } from './miniflare-options.ts';
import { createOutboundService } from './outbound-service.ts';

const ASSETS = join(import.meta.dirname, '..', '..', '..', 'dist', 'assets');

await runService(serve);

async function serve(opened: OpenedDirectory): Promise<Serving> {
  const { directory, port, secrets } = opened;
  const { keyEncryptionKey, publicUrl, egressAllow } = serviceSettings(opened);
  const script = await bundleWorker(join(import.meta.dirname, '..', '..', 'worker.ts'));
  const miniflare = new Miniflare(
    miniflareOptions({
      script,
      directory: join(directory, 'workerd'),
      host: HOST,
      port,
      assets: existsSync(ASSETS) ? ASSETS : undefined,
      settings: {
        ERRAND_KEK: keyEncryptionKey,
        ERRAND_PUBLIC_URL: publicUrl ?? '',
        ERRAND_EGRESS_ALLOW: egressAllow,
        ERRAND_WAY_OUT: 'guarded',
        ERRAND_DEV_KEY: secrets.apiKey,
        ERRAND_DEV_SIGNING_SECRET: secrets.signingSecret,
        ERRAND_PROCESS_ID: PROCESS_ID,
      },
      outboundService: createOutboundService(createNodeOutbound(egressGuardOf(egressAllow))),
    }),
  );
  // Miniflare ends its workerd, and then this process, on a signal of its own: the record of it goes on the way out.
  process.on('exit', () => rmSync(join(directory, 'workerd.json'), { force: true }));
  await miniflare.ready;
  recordChild(directory);
  const url = String(await miniflare.unsafeGetDirectURL(WORKER_NAME)).replace(/\/$/, '');
  await untilReady(url);
  return { url, stop: () => miniflare.dispose() };
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const response = await fetch(`${url}/readyz`).catch(() => undefined);
    if (response?.status === 200) return;
    if (response !== undefined) console.error(await response.text());
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new StartRefused('The service did not become ready within ten seconds.');
}
