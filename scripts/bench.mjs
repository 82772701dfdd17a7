/**
 * `npm run bench`: measures the service on this machine; with `--profile` says where its time goes, with `--validator` measures
 * the JSON Schema engine instead. Arguments go to the harness.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { install, ENV, NODE, ROOT } from './install.mjs';

install();
const given = process.argv.slice(2);
const program = given.includes('--validator')
  ? join('bench', 'validator', 'main.ts')
  : join('bench', 'src', given.includes('--profile') ? 'profile.ts' : 'main.ts');
const args = given.filter((arg) => arg !== '--profile' && arg !== '--validator');
const { status } = spawnSync(NODE, ['--disable-warning=ExperimentalWarning', program, ...args], { cwd: ROOT, stdio: 'inherit', env: ENV });
process.exit(status ?? 1);
