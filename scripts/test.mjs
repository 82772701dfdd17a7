/**
 * `npm test`: installs, checks, runs every test, and ends with a line that counts them. Arguments go to vitest, so that
 * `npm test -- ledger` runs the tests of files whose path has "ledger" in it. `--full` counts longer (`npm run test:full`).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildAdmin } from './build-admin.mjs';
import { buildDocsPage } from './build-docs-page.mjs';
import { runChecks } from './checks.mjs';
import { ENV, install, NODE, ROOT } from './install.mjs';

const REPORT = join(ROOT, 'tests', 'output', 'report.json');
const args = process.argv.slice(2).filter((arg) => arg !== '--full');
const full = process.argv.includes('--full') ? { ERRAND_TEST_FULL: '1' } : {};

install();
buildAdmin();
buildDocsPage();
// Forced: a result that turbo remembers from an earlier run is not one of this run.
const checks = runChecks(['--force']);
const tests = runTests();
if (process.argv.includes('--full')) writeKept();
const passed = checks.passed + tests.passed;
const failed = checks.failed + tests.failed;
console.log(`${passed} passed, ${failed} failed${tests.skipped === 0 ? '' : `, ${tests.skipped} skipped`}`);
process.exit(failed === 0 ? 0 : 1);

function runTests() {
  mkdirSync(dirname(REPORT), { recursive: true });
  rmSync(REPORT, { force: true });
  const vitest = join(ROOT, 'tests', 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  const { status } = spawnSync(NODE, [vitest, 'run', '--root', '.', ...reporters, ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...ENV, ...full },
  });
  const counted = countTests();
  return { ...counted, failed: status === 0 ? counted.failed : Math.max(1, counted.failed) };
}

/** What a longer count came to is kept in the repository, and in its page. */
function writeKept() {
  const script = join('tests', 'docs', 'write-reliability.ts');
  spawnSync(NODE, ['--disable-warning=ExperimentalWarning', script], { cwd: ROOT, stdio: 'inherit', env: ENV });
}

/** A file that could not even be loaded has no tests, and counts as one that failed. */
function countTests() {
  /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, testResults: { status: string, assertionResults: unknown[] }[] }} */
  let report;
  try {
    report = JSON.parse(readFileSync(REPORT, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const broken = report.testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
