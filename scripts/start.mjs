/** `npm start`: installs what the service needs, then runs it. Runs on Node 20 with nothing else on the machine. */
import { spawn } from 'node:child_process';
import { buildAdmin } from './build-admin.mjs';
import { buildDocsPage } from './build-docs-page.mjs';
import { ENV, install, NODE, ROOT } from './install.mjs';
import { readStartOptions } from './start-options.mjs';

const options = readStartOptions(process.argv.slice(2));
if ('fault' in options) {
  console.error(options.fault);
  process.exit(1);
}
// Bun and Deno weigh a hundred megabytes each: they are installed for whoever asks for them.
const { runtime } = options;
install([
  '.',
  '@errand/edge-worker...',
  '@errand/admin...',
  ...(runtime === 'bun' || runtime === 'deno' ? [`@errand/runtime-${runtime}`] : []),
]);
buildAdmin();
buildDocsPage();
// The child's standard input is a pipe, so that it notices when this process is ended, even by SIGKILL.
const child = spawn(NODE, ['--disable-warning=ExperimentalWarning', 'apps/edge-worker/src/runtimes/start.ts', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: ['pipe', 'inherit', 'inherit'],
  env: ENV,
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
