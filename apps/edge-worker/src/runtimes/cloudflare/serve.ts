/** Runs the service in workerd on this machine, until it is told to stop. */
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { Miniflare } from 'miniflare';
import { parseSettings } from '../../settings.ts';
import { bundleWorker } from './bundle.ts';
import { developmentSecrets, endOrphan, lockDirectory, recordChild, StartRefused, writeAtomically } from './data-directory.ts';
import { miniflareOptions, WORKER_NAME } from './miniflare-options.ts';

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
  await refuseTakenPort(settings.PORT);
  const secrets = developmentSecrets(directory);
  const script = await bundleWorker(join(import.meta.dirname, '..', '..', 'worker.ts'));
  const miniflare = new Miniflare(
    miniflareOptions({
      script,
      directory: join(directory, 'workerd'),
      host: HOST,
      port: settings.PORT,
      settings: {
        ERRAND_KEK: settings.ERRAND_KEK ?? secrets.kek,
        ERRAND_DEV_KEY: secrets.apiKey,
        ERRAND_DEV_SIGNING_SECRET: secrets.signingSecret,
      },
    }),
  );
  // Miniflare ends its workerd, and then this process, on a signal of its own: what must be gone is removed on the way out.
  process.on('exit', () => {
    for (const file of ['dev.json', 'workerd.json']) rmSync(join(directory, file), { force: true });
  });
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await miniflare.dispose();
    lock.release();
    process.exit(0);
  };
  // The process that started this one holds the other end of the pipe: when it is gone, so is the service.
  if (process.argv.includes('--with-parent'))
    process.stdin
      .once('end', () => void stop())
      .once('error', () => void stop())
      .resume();
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
  console.log(`Errand is ready at ${url}`);
}

async function refuseTakenPort(port: number): Promise<void> {
  if (port === 0) return;
  await new Promise<void>((done, fail) => {
    const probe = createServer();
    probe.once('error', () => fail(new StartRefused(`Port ${port} is in use. Set PORT to another one, or to 0 for a free one.`)));
    probe.listen(port, HOST, () => probe.close(() => done()));
  });
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
