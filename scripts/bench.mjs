/**
 * `npm run bench`: measures the service on this machine. With `--profile` it says where workerd's time goes, with `--profile-node`
 * where Node's does; `--full-book` measures among a million finished tasks, `--cold-start` how soon a start answers, and `--validator` the JSON Schema engine instead.
 * Other arguments go to the harness.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { install, ENV, NODE, ROOT } from './install.mjs';

const PROGRAMS = new Map([
  ['--validator', join('bench', 'validator', 'main.ts')],
  ['--profile', join('bench', 'src', 'profile.ts')],
  ['--profile-node', join('bench', 'src', 'profile-node.ts')],
  ['--cold-start', join('bench', 'src', 'cold-start.ts')],
  ['--full-book', join('bench', 'src', 'full-book.ts')],
  ['--overload', join('bench', 'src', 'overload.ts')],
]);

install();
const given = process.argv.slice(2);
const program = PROGRAMS.get(given.find((arg) => PROGRAMS.has(arg)) ?? '') ?? join('bench', 'src', 'main.ts');
const args = given.filter((arg) => !PROGRAMS.has(arg));
const { status } = spawnSync(NODE, ['--disable-warning=ExperimentalWarning', program, ...args], { cwd: ROOT, stdio: 'inherit', env: ENV });
process.exit(status ?? 1);
