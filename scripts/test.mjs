/** `npm test`: installs, checks types, runs every test, and ends with a line that counts them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { install, NODE, ROOT } from './install.mjs';

install();
const bin = join(ROOT, 'tests', 'node_modules');
const report = join(ROOT, 'tests', 'output', 'report.json');
mkdirSync(dirname(report), { recursive: true });
rmSync(report, { force: true });

let failed = 0;
let passed = 0;
for (const folder of ['packages/core', 'packages/router', 'packages/executors', 'packages/client', 'apps/edge-worker', 'apps/admin']) {
  if (
    !existsSync(join(ROOT, folder, 'tsconfig.json')) ||
    !existsSync(join(ROOT, folder, 'src')) ||
    readdirSync(join(ROOT, folder, 'src')).length === 0
  )
    continue;
  if (run(join(bin, 'typescript', 'bin', 'tsc'), ['-p', folder]) === 0) passed += 1;
  else failed += 1;
}
const status = run(join(bin, 'vitest', 'vitest.mjs'), [
  'run',
  '--root',
  '.',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
]);
if (existsSync(report)) {
  const counts = JSON.parse(readFileSync(report, 'utf8'));
  passed += counts.numPassedTests;
  failed += counts.numFailedTests;
}
if (status !== 0 && failed === 0) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function run(script, args) {
  const env = { ...process.env, PATH: `${dirname(NODE)}:${process.env.PATH}` };
  return spawnSync(NODE, [script, ...args], { cwd: ROOT, stdio: 'inherit', env }).status ?? 1;
}
