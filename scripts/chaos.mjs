/** `npm run chaos -- [--runtime=…] [--cycles=…] [--seed=…]`: kills the running service again and again, and recounts. */
import { spawnSync } from 'node:child_process';
import { ENV, install, NODE, ROOT } from './install.mjs';

install();
const { status } = spawnSync(NODE, ['--disable-warning=ExperimentalWarning', 'tests/chaos/run.ts', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
  env: ENV,
});
process.exit(status ?? 1);
