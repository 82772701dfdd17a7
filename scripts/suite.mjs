/** `npm run suite:validator`: holds the JSON Schema engine to the official suite, and writes the table of its page. */
import { spawnSync } from 'node:child_process';
import { ENV, install, NODE, ROOT } from './install.mjs';

install();
const { status } = spawnSync(NODE, ['--disable-warning=ExperimentalWarning', 'tests/validator/suite/write-table.ts'], {
  cwd: ROOT,
  stdio: 'inherit',
  env: ENV,
});
process.exit(status ?? 1);
