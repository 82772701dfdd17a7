/** Installs the workspace with the pinned pnpm. Runs on Node 20 with nothing else on the machine. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/**
 * Node 24, which the tools need, comes as a package: the machine's own Node only starts it. It is a dependency of the
 * worker and not of the root, whose `.bin` npm puts first on the PATH: pnpm's `node` there is a shell that passes no signal on.
 */
export const NODE = join(ROOT, 'apps', 'edge-worker', 'node_modules', 'nodejs', 'bin', 'node');
/** The environment in which every tool runs: Node 24 first. */
export const ENV = { ...process.env, PATH: `${dirname(NODE)}:${process.env.PATH}` };
/** The pnpm that package.json pins, by npx: a bare machine has none. */
export const PNPM = ['--yes', JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).packageManager];

const STAMP = join(ROOT, 'node_modules', '.errand-installed');

/**
 * Installs what `filters` name (everything without one), or ends this process with a clear message. Does nothing, and asks
 * no registry, when the lockfile has not changed since the same or everything was installed.
 * @param {string[]} [filters]
 */
export function install(filters = []) {
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'pnpm-lock.yaml')))
    .digest('hex');
  const wanted = `${lock} ${filters.join(' ')}`;
  const installed = existsSync(STAMP) && existsSync(NODE) ? readFileSync(STAMP, 'utf8').split('\n') : [];
  if (installed.includes(wanted) || installed.includes(`${lock} `)) return;
  const args = [...PNPM, 'install', '--frozen-lockfile', ...filters.flatMap((filter) => ['--filter', filter])];
  const { status } = spawnSync('npx', args, { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) {
    console.error('The packages could not be installed. Is the npm registry in reach?');
    process.exit(1);
  }
  writeFileSync(STAMP, [...installed.filter((line) => line.startsWith(lock)), wanted].join('\n'));
}
