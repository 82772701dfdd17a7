/** Installs the workspace with the pinned pnpm. Runs on Node 20 with nothing else on the machine. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/**
 * Node 24, which the tools need, comes as a package: the machine's own Node only starts it. It is a dependency of the
 * worker and not of the root, whose `.bin` npm puts first on the PATH: pnpm's `node` there is a shell that passes no signal on.
 */
export const NODE = join(ROOT, 'apps', 'edge-worker', 'node_modules', 'nodejs', 'bin', 'node');

/** Installs what `filters` name (everything without one), or ends this process with a clear message. */
export function install(filters = []) {
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const args = ['--yes', packageManager, 'install', '--frozen-lockfile', ...filters.flatMap((filter) => ['--filter', filter])];
  const { status } = spawnSync('npx', args, { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) {
    console.error('The packages could not be installed. Is the npm registry in reach?');
    process.exit(1);
  }
}
