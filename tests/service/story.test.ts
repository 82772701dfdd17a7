import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { RUNTIME, temporaryDirectory } from './running-service.ts';

const START = join(import.meta.dirname, '..', '..', 'apps', 'edge-worker', 'src', 'runtimes', 'start.ts');
/** What becomes of the 320 orders of `examples/orders/orders.jsonl`, whatever runs them. */
const SUMS = 'story: orders=320 completed=287 waiting=13 failed=2 refused=18 charged=287';

it(`tells the order story on ${RUNTIME}, with the same sums as everywhere, and ends with everything it started`, async () => {
  const directory = temporaryDirectory();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', START, `--runtime=${RUNTIME}`], {
    env: { ...process.env, PORT: '0', ERRAND_DATA_DIR: directory.path },
    // Its standard input is the leash by which it is ended, too, should this process be.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += chunk));
  child.stderr.on('data', (chunk) => (printed += chunk));
  const gone = once(child, 'exit');
  try {
    const over = gone.then(() => 'over');
    while (!printed.includes('story: ') && (await Promise.race([over, pause(200)])) !== 'over');
    expect(printed.split('\n').find((line) => line.startsWith('story: ')) ?? printed).toBe(SUMS);
  } finally {
    child.kill('SIGTERM');
    const [code] = await gone;
    expect([code, existsSync(join(directory.path, 'dev.json'))]).toEqual([0, false]);
    directory.remove();
  }
}, 120_000);
