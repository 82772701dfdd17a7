/**
 * `npm run bench:peers`: measures every runtime beside other services, in one interleaved run. What those need is installed here,
 * outside the project's own packages; what cannot be had is said, and the rest is measured.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, ENV, NODE, ROOT } from './install.mjs';

const PACKAGES = {
  '@dbos-inc/dbos-sdk': '5.3.0',
  '@restatedev/restate-sdk': '1.17.2',
  '@restatedev/restate-server': '1.7.12',
  ajv: '8.20.0',
  bullmq: '6.7.0',
  'graphile-worker': '0.18.0',
  ioredis: '5.11.1',
  pg: '8.23.1',
  'pg-boss': '12.38.0',
};
const SOURCES = join(ROOT, 'bench', 'peers');
const PEERS = join(ROOT, 'bench', '.peers');
/** Debian's packages, and a program of each. */
const PROGRAMS = { 'redis-server': '/usr/bin/redis-server', postgresql: '/usr/lib/postgresql', strace: '/usr/bin/strace' };

install();
mkdirSync(PEERS, { recursive: true });
writeFileSync(join(PEERS, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies: PACKAGES }, null, 2));
for (const file of readdirSync(SOURCES)) copyFileSync(join(SOURCES, file), join(PEERS, file));
run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], PEERS);
const missing = Object.entries(PROGRAMS).flatMap(([name, path]) => (existsSync(path) ? [] : [name]));
if (missing.length > 0 && existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-y', '-qq', ...missing]);
}
for (const [name, path] of Object.entries(PROGRAMS))
  if (!existsSync(path)) console.warn(`${name} is not installed: what needs it is left out.`);

const args = process.argv.slice(2);
const targets = args.some((arg) => arg.startsWith('--targets')) ? [] : ['--targets=all'];
const name = args.some((arg) => arg.startsWith('--name')) ? [] : ['--name=peers'];
const harness = [NODE, '--disable-warning=ExperimentalWarning', join('bench', 'src', 'main.ts'), ...targets, ...name, ...args];
process.exit(run(harness[0] ?? '', harness.slice(1)) ?? 1);

/**
 * @param {string} program
 * @param {string[]} args
 */
function run(program, args, cwd = ROOT) {
  const { status } = spawnSync(program, args, { cwd, stdio: 'inherit', env: { ...ENV, DEBIAN_FRONTEND: 'noninteractive' } });
  if (status !== 0) console.warn(`${program} ${args[0]} ended with ${status}.`);
  return status;
}
