/** What every runtime does at its start and its stop: settings, the data directory and its lock, `dev.json`, signals. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import type { ServiceSettings } from '../create-service.ts';
import { parseSettings, type Settings } from '../settings.ts';
import { developmentSecrets, endOrphan, lockDirectory, StartRefused } from './data-directory.ts';
import { writeAtomically } from './durable-files.ts';
import type { Secrets } from './secrets.ts';

/** The service is reached from this machine only. */
export const HOST = '127.0.0.1';
/** Names this start: the lock of the data directory sees to it that there is no other process. */
export const PROCESS_ID = randomBytes(6).toString('hex');

/** A data directory that is ours alone until this process ends. */
export interface OpenedDirectory {
  readonly directory: string;
  readonly settings: Settings;
  readonly secrets: Secrets;
  /** Where to listen. Chosen before the service starts, for the URLs handed to third parties have it. */
  readonly port: number;
}

/** A service that accepts tasks. */
export interface Serving {
  /** Without a trailing slash. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Settings of the service from the environment, with a development's own where it has none. */
export function serviceSettings({ settings, secrets, port }: OpenedDirectory): ServiceSettings {
  return {
    keyEncryptionKey: settings.ERRAND_KEK ?? secrets.kek,
    publicUrl: settings.ERRAND_PUBLIC_URL ?? `http://${HOST}:${port}`,
    egressAllow: settings.ERRAND_EGRESS_ALLOW,
    places: { submits: settings.ERRAND_MAX_SUBMITS },
    development: { apiKey: secrets.apiKey, signingSecret: secrets.signingSecret },
    processId: PROCESS_ID,
  };
}

/**
 * Runs a service until this process is told to stop. `start` resolves once tasks are accepted. A start that cannot go on says
 * why on standard error and ends with 1.
 */
export async function runService(start: (opened: OpenedDirectory) => Promise<Serving>): Promise<void> {
  try {
    await run(start);
  } catch (fault) {
    if (!(fault instanceof StartRefused)) throw fault;
    console.error(fault.message);
    process.exit(1);
  }
}

async function run(start: (opened: OpenedDirectory) => Promise<Serving>): Promise<void> {
  const parsed = parseSettings(process.env);
  if ('faults' in parsed) throw new StartRefused(`The settings are not right:\n${parsed.faults.map((fault) => `  ${fault}`).join('\n')}`);
  const { settings } = parsed;
  const directory = resolve(settings.ERRAND_DATA_DIR);
  const lock = lockDirectory(directory);
  endOrphan(directory);
  const devJson = join(directory, 'dev.json');
  rmSync(devJson, { force: true });
  const port = await freePort(settings.PORT);
  const secrets = developmentSecrets(directory);
  const starting = start({ directory, settings, secrets, port });
  let stopping = false;
  // However this process ends, and on some runtimes a library ends it: what must be gone is removed on the way out.
  process.on('exit', () => {
    rmSync(devJson, { force: true });
    if (stopping) process.exitCode = 0;
  });
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    rmSync(devJson, { force: true });
    await (await starting).stop();
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
  const { url } = await starting;
  const { apiKey, signingSecret } = secrets;
  if (stopping) return;
  writeAtomically(devJson, JSON.stringify({ url, adminUrl: `${url}/admin/`, apiKey, signingSecret, pid: process.pid }, null, 2));
  console.log(`Errand is ready at ${url}`);
}

/** The port, or a free one for 0. It is given back before the service takes it: whoever is quicker makes that start fail. */
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
