/** Runs the service in workerd on this machine, until it is told to stop. */
import { rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { createEgressGuard, parseAllowedHosts, type AllowedHost } from '@errand/executors/integration/egress';
import { Miniflare } from 'miniflare';
import { parseSettings, type Settings } from '../../settings.ts';
import { bundleWorker } from './bundle.ts';
import { developmentSecrets, endOrphan, lockDirectory, recordChild, StartRefused, writeAtomically } from './data-directory.ts';
import { createNodeOutbound } from '../local/egress.ts';
import { miniflareOptions, WORKER_NAME } from './miniflare-options.ts';
import { createOutboundService } from './outbound-service.ts';

const HOST = '127.0.0.1';

try {
  await serve();
} catch (fault) {
  if (!(fault instanceof StartRefused)) throw fault;
  console.error(fault.message);
  process.exit(1);
}

async function serve(): Promise<void> {
  const parsed = parseSettings(process.env);
  if ('faults' in parsed) throw new StartRefused(`The settings are not right:\n${parsed.faults.map((fault) => `  ${fault}`).join('\n')}`);
  const { settings } = parsed;
  const directory = resolve(settings.ERRAND_DATA_DIR);
  const lock = lockDirectory(directory);
  endOrphan(directory);
  rmSync(join(directory, 'dev.json'), { force: true });
  const port = await freePort(settings.PORT);
  const secrets = developmentSecrets(directory);
  const script = await bundleWorker(join(import.meta.dirname, '..', '..', 'worker.ts'));
  const miniflare = new Miniflare(
    miniflareOptions({
      script,
      directory: join(directory, 'workerd'),
      host: HOST,
      port,
      settings: {
        ERRAND_PUBLIC_URL: settings.ERRAND_PUBLIC_URL?.replace(/\/$/, '') ?? `http://${HOST}:${port}`,
        ERRAND_EGRESS_ALLOW: settings.ERRAND_EGRESS_ALLOW,
        ERRAND_WAY_OUT: 'guarded',
        ERRAND_KEK: settings.ERRAND_KEK ?? secrets.kek,
        ERRAND_DEV_KEY: secrets.apiKey,
        ERRAND_DEV_SIGNING_SECRET: secrets.signingSecret,
      },
      outboundService: createOutboundService(createNodeOutbound(createEgressGuard(allowedHosts(settings)))),
    }),
  );
  const stop = async (): Promise<void> => {
    rmSync(join(directory, 'dev.json'), { force: true });
    await miniflare.dispose();
    rmSync(join(directory, 'workerd.json'), { force: true });
    lock.release();
    process.exit(0);
  };
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());
  await miniflare.ready;
  recordChild(directory);
  const url = String(await miniflare.unsafeGetDirectURL(WORKER_NAME)).replace(/\/$/, '');
  await untilReady(url);
  writeAtomically(
    join(directory, 'dev.json'),
    JSON.stringify(
      { url, adminUrl: `${url}/admin/`, apiKey: secrets.apiKey, signingSecret: secrets.signingSecret, pid: process.pid },
      null,
      2,
    ),
  );
  console.log(`\nErrand is ready.\n  API  ${url}/v1/tasks\n  key  ${secrets.apiKey}\nCtrl-C stops it; the data stays in ${directory}.`);
}

/** The port to listen on. It is chosen before the service starts, for the URLs handed to third parties have it. */
async function freePort(port: number): Promise<number> {
  return await new Promise<number>((done, fail) => {
    const probe = createServer();
    probe.once('error', () => fail(new StartRefused(`Port ${port} is in use. Set PORT to another one, or to 0 for a free one.`)));
    probe.listen(port, HOST, () => {
      const { port: taken } = probe.address() as AddressInfo;
      probe.close(() => done(taken));
    });
  });
}

function allowedHosts({ ERRAND_EGRESS_ALLOW }: Settings): readonly AllowedHost[] {
  const parsed = parseAllowedHosts(ERRAND_EGRESS_ALLOW);
  return 'hosts' in parsed ? parsed.hosts : [];
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
