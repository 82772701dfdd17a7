/** Builds the admin app into the worker's assets, where its sources have changed since the last time. Runs on Node 20. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ENV, NODE, ROOT } from './install.mjs';

const ADMIN = join(ROOT, 'apps', 'admin');
const DIST = join(ROOT, 'apps', 'edge-worker', 'dist');
const STAMP = join(DIST, 'admin.stamp');
/** What a build is made of: the app, what it takes from the core, and every dependency's version. */
const SOURCES = [
  import.meta.filename,
  join(ADMIN, 'src'),
  join(ADMIN, 'index.html'),
  join(ADMIN, 'vite.config.ts'),
  join(ROOT, 'packages', 'core', 'src', 'validator'),
  join(ROOT, 'pnpm-lock.yaml'),
];

/** Builds if it must; ends this process with a clear message when that fails. */
export function buildAdmin() {
  const wanted = digest(SOURCES);
  if (existsSync(join(DIST, 'assets', 'admin', 'index.html')) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return;
  console.log('Building the admin app …');
  // Into a folder of its own first: whoever starts meanwhile finds a whole app, the old one or the new.
  const fresh = join(DIST, `admin-${process.pid}`);
  const { status } = spawnSync(
    NODE,
    [join(ADMIN, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn'],
    {
      cwd: ADMIN,
      stdio: 'inherit',
      // Whoever calls this may run tests, and React would be built for them.
      env: { ...ENV, NODE_ENV: 'production' },
    },
  );
  if (status !== 0) {
    console.error('The admin app could not be built.');
    process.exit(1);
  }
  const target = join(DIST, 'assets', 'admin');
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
  writeFileSync(STAMP, wanted);
}

/** @param {string[]} paths */
function digest(paths) {
  const hash = createHash('sha256');
  for (const path of paths) add(hash, path);
  return hash.digest('hex');
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} path
 */
function add(hash, path) {
  if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) add(hash, join(path, name));
  else if (!path.endsWith('.test.ts')) hash.update(path.slice(ROOT.length)).update(readFileSync(path));
}
