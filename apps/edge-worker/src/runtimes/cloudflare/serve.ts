/** Runs the service in workerd on this machine, until it is told to stop. */
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { egressGuardOf } from '@errand/executors/integration/egress';
import { recordChild, StartRefused } from '../data-directory.ts';
import { createNodeOutbound } from '../local/egress.ts';
import { HOST, PROCESS_ID, runService, serviceSettings, type OpenedDirectory, type Serving } from '../serving.ts';
import { handlersModule } from '../more-handlers.ts';
import { bundleWorker } from './bundle.ts';
import { stopGracefully, withoutSignals } from './graceful-stop.ts';
import { miniflareOptions, WORKER_NAME } from './miniflare-options.ts';
import { createOutboundService } from './outbound-service.ts';

const ASSETS = join(import.meta.dirname, '..', '..', '..', 'dist', 'assets');

/**
 * Read by miniflare. On Cloudflare an isolate has 128 MB; here its heap may grow for long before anything is collected, and a
 * third of the memory under load is what nobody needs any more.
 */
const V8_FLAGS = 'MINIFLARE_WORKERD_V8_FLAGS';

/** A start that is refused for this long will not be accepted later either. */
const REFUSED_FOR_MS = 3_000;
const SILENT_FOR_MS = 10_000;

await runService(serve);

async function serve(opened: OpenedDirectory): Promise<Serving> {
  const { directory, port, secrets } = opened;
  const { keyEncryptionKey, publicUrl, egressAllow, places } = serviceSettings(opened);
  const script = await bundleWorker(join(import.meta.dirname, '..', '..', 'worker.ts'), handlersModule(opened.settings));
  const stopToken = randomBytes(16).toString('hex');
  const options = miniflareOptions({
    script,
    directory: join(directory, 'workerd'),
    host: HOST,
    port,
    assets: existsSync(ASSETS) ? ASSETS : undefined,
    settings: {
      ERRAND_KEK: keyEncryptionKey,
      ERRAND_PUBLIC_URL: publicUrl ?? '',
      ERRAND_EGRESS_ALLOW: egressAllow,
      ERRAND_MAX_SUBMITS: String(places.submits),
      ERRAND_WAY_OUT: 'guarded',
      ERRAND_DEV_KEY: secrets.apiKey,
      ERRAND_DEV_SIGNING_SECRET: secrets.signingSecret,
      ERRAND_PROCESS_ID: PROCESS_ID,
      ERRAND_STOP_TOKEN: stopToken,
    },
    outboundService: createOutboundService(createNodeOutbound(egressGuardOf(egressAllow))),
  });
  process.env[V8_FLAGS] ??= '--optimize-for-size';
  const miniflare = withoutSignals(() => new Miniflare(options));
  // However this process ends, the record of its workerd goes on the way out.
  process.on('exit', () => rmSync(join(directory, 'workerd.json'), { force: true }));
  await miniflare.ready;
  recordChild(directory);
  const url = String(await miniflare.unsafeGetDirectURL(WORKER_NAME)).replace(/\/$/, '');
  await untilReady(url);
  return { url, stop: () => stopGracefully(miniflare, stopToken) };
}

async function untilReady(url: string): Promise<void> {
  let refusedAt: number | undefined;
  for (const startedAt = performance.now(); ; await new Promise((done) => setTimeout(done, 100))) {
    const response = await fetch(`${url}/readyz`).catch(() => undefined);
    if (response?.status === 200) return;
    const now = performance.now();
    if (response === undefined && now - startedAt > SILENT_FOR_MS) throw new StartRefused('workerd did not answer within ten seconds.');
    if (response === undefined) continue;
    refusedAt ??= now;
    const { detail } = (await response.json().catch(() => ({}))) as { readonly detail?: string };
    if (now - refusedAt > REFUSED_FOR_MS) throw new StartRefused(`The service cannot start: ${detail ?? `it answers ${response.status}`}`);
  }
}
