/** `npm run simulate`: starts the simulator on the Node it needs, whatever the machine's own. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ENV, install, NODE, ROOT } from '../../scripts/install.mjs';

install();
const simulate = join(ROOT, 'tests', 'simulator', 'simulate.ts');
const { status } = spawnSync(NODE, ['--disable-warning=ExperimentalWarning', simulate, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: ENV,
});
process.exit(status ?? 1);
