/** `npm run docs:reliability`: writes the tables of the page on reliability from what was kept. */
import { spawnSync } from 'node:child_process';
import { ENV, install, NODE, ROOT } from './install.mjs';

install();
const { status } = spawnSync(NODE, ['--disable-warning=ExperimentalWarning', 'tests/docs/write-reliability.ts'], {
  cwd: ROOT,
  stdio: 'inherit',
  env: ENV,
});
process.exit(status ?? 1);
