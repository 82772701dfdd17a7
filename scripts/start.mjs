/** `npm start`: installs what the service needs, then runs it. Runs on Node 20 with nothing else on the machine. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { install, NODE, ROOT } from './install.mjs';

const stamp = join(ROOT, 'node_modules', '.errand-start');
const wanted = createHash('sha256')
  .update(readFileSync(join(ROOT, 'pnpm-lock.yaml')))
  .digest('hex');
// A second start asks no registry.
if (!existsSync(NODE) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  install(['.', '@errand/edge-worker...']);
  writeFileSync(stamp, wanted);
}
// The child's standard input is a pipe, so that it notices when this process is ended, even by SIGKILL.
const child = spawn(NODE, ['--disable-warning=ExperimentalWarning', 'apps/edge-worker/src/runtimes/start.ts', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: ['pipe', 'inherit', 'inherit'],
  env: { ...process.env, PATH: `${dirname(NODE)}:${process.env.PATH}` },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
