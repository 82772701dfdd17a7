/** The stores that peers keep their tasks in, each started on a directory of its own, with its defaults. */
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startChild, type Child } from '../child.ts';

const READY_WITHIN_MS = 20_000;
const REDIS = '/usr/bin/redis-server';
const POSTGRES_VERSIONS = '/usr/lib/postgresql';

/** A store that runs, and what its clients must know. */
export interface Store {
  readonly child: Child;
  readonly env: Readonly<Record<string, string>>;
}

/** Redis, with every write in its append-only file, and that on the disk as often as `appendfsync` says. */
export async function startRedis(directory: string, appendfsync: 'always' | 'everysec'): Promise<Store> {
  if (!existsSync(REDIS)) throw new Error('redis-server is not installed.');
  const port = await freePort();
  const settings = { port, bind: '127.0.0.1', dir: directory, appendonly: 'yes', appendfsync, save: '' };
  const child = startChild(
    REDIS,
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
  );
  await child.says(/Ready to accept connections/, READY_WITHIN_MS);
  return { child, env: { PEER_REDIS_PORT: String(port) } };
}

/** PostgreSQL, which refuses to run as root: then it runs as its own user. */
export async function startPostgres(directory: string): Promise<Store> {
  const programs = postgresPrograms();
  const data = join(directory, 'postgres');
  mkdirSync(data);
  const owner = process.getuid?.() === 0 ? userOf('postgres') : undefined;
  if (owner !== undefined) {
    chownSync(directory, owner.uid, owner.gid);
    chownSync(data, owner.uid, owner.gid);
  }
  const options = { cwd: data, ...owner };
  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', 'bench', '-A', 'trust'], { ...options, stdio: 'ignore' });
  const port = await freePort();
  const settings = [`listen_addresses=127.0.0.1`, `port=${port}`, `unix_socket_directories=`].flatMap((one) => ['-c', one]);
  const child = startChild(join(programs, 'postgres'), ['-D', data, ...settings], options);
  await child.says(/ready to accept connections/, READY_WITHIN_MS);
  return { child, env: { PEER_POSTGRES_URL: `postgresql://bench@127.0.0.1:${port}/postgres` } };
}

function postgresPrograms(): string {
  const versions = existsSync(POSTGRES_VERSIONS) ? readdirSync(POSTGRES_VERSIONS).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(POSTGRES_VERSIONS, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
  if (found === undefined) throw new Error('PostgreSQL is not installed.');
  return found;
}

function userOf(name: string): { uid: number; gid: number } {
  const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** A port that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
