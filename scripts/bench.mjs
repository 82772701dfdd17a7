/**
 * `npm run bench`: measures the service on this machine; with `--profile` says where its time goes (`--runtime=node` for Node's),
 * with `--full-book` what a million finished tasks cost. Other arguments go to the harness.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { install, ENV, NODE, ROOT } from './install.mjs';

install();
const flags = ['--profile', '--full-book', '--runtime=node'];
const asked = process.argv.slice(2).filter((arg) => flags.includes(arg));
const file = asked.includes('--full-book')
  ? 'full-book.ts'
  : asked.includes('--profile')
    ? asked.includes('--runtime=node')
      ? 'profile-node.ts'
      : 'profile.ts'
    : 'main.ts';
const args = process.argv.slice(2).filter((arg) => !flags.includes(arg));
const command = ['--disable-warning=ExperimentalWarning', join('bench', 'src', file), ...args];
const { status } = spawnSync(NODE, command, { cwd: ROOT, stdio: 'inherit', env: ENV });
process.exit(status ?? 1);
