/** Runs the checks that need no service, as tasks of turbo, and counts them. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ENV, PNPM, ROOT } from './install.mjs';

const CHECKS = ['typecheck', 'lint', 'format', 'unused'];
const RUNS = join(ROOT, '.turbo', 'runs');

/**
 * Runs every check to its end; each task (a check of a package) counts as one.
 * @param {string[]} [args] more arguments for turbo
 */
export function runChecks(args = []) {
  rmSync(RUNS, { recursive: true, force: true });
  const turbo = join('tests', 'node_modules', '.bin', 'turbo');
  const { status } = spawnSync(
    'npx',
    [...PNPM, 'exec', turbo, 'run', ...CHECKS, '--continue', '--summarize', '--no-update-notifier', '--output-logs=errors-only', ...args],
    { cwd: ROOT, stdio: 'inherit', env: { ...ENV, TURBO_TELEMETRY_DISABLED: '1' } },
  );
  const codes = summaries().flatMap(({ tasks }) =>
    tasks.filter(({ command }) => command !== '<NONEXISTENT>').map(({ execution }) => execution?.exitCode ?? 1),
  );
  const failed = codes.filter((code) => code !== 0).length;
  return { passed: codes.length - failed, failed: status === 0 ? failed : Math.max(1, failed) };
}

/** @returns {{ tasks: { command: string, execution?: { exitCode: number } }[] }[]} */
function summaries() {
  try {
    return readdirSync(RUNS).map((file) => JSON.parse(readFileSync(join(RUNS, file), 'utf8')));
  } catch {
    return [];
  }
}
