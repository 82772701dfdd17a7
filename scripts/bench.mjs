/** `npm run bench`: measures the service on this machine; with `--profile` says where its time goes. Arguments go to the harness. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { install, ENV, NODE, ROOT } from './install.mjs';

install();
const profile = process.argv.includes('--profile');
const program = join('bench', 'src', profile ? 'profile.ts' : 'main.ts');
const args = process.argv.slice(2).filter((arg) => arg !== '--profile');
const { status } = spawnSync(NODE, ['--disable-warning=ExperimentalWarning', program, ...args], { cwd: ROOT, stdio: 'inherit', env: ENV });
process.exit(status ?? 1);
