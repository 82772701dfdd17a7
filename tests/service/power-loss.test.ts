/** What is acknowledged is on the disk: the system calls of the service, seen from outside. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childrenOf } from '../chaos/process-tree.ts';
import { RUNTIME, startService, temporaryDirectory } from './running-service.ts';

const SUBMITS = 20;
const CALLS = 'fsync,fdatasync,write,writev,sendto,sendmsg';

/** Traces all threads of a process into `file`. Gives a function that ends it, or `undefined` where this may not be done. */
async function trace(pid: number, file: string): Promise<(() => Promise<void>) | undefined> {
  const strace = spawn('strace', ['-f', '-q', '-s', '16', '-e', `trace=${CALLS}`, '-o', file, '-p', String(pid)], { stdio: 'ignore' });
  const failed = Promise.race([once(strace, 'error'), once(strace, 'exit')]).then(() => true);
  const settled = new Promise<boolean>((done) => setTimeout(() => done(false), 700));
  if (await Promise.race([failed, settled])) return undefined;
  return async () => {
    strace.kill('SIGINT');
    await once(strace, 'exit');
  };
}

/** Syncs that ended well and answers with 201, in the order in which they happened. */
function syncsAndAnswers(file: string): string {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => (/fd?a?t?a?sync.* = 0$/.test(line) ? 's' : /(write|writev|sendto|sendmsg)\(.*HTTP\/1\.1 201/.test(line) ? 'a' : ''))
    .join('');
}

describe(`a service on ${RUNTIME}`, () => {
  it('answers 201 only after a sync', async (context) => {
    const directory = temporaryDirectory();
    const service = await startService(join(directory.path, 'data'));
    try {
      const parent = service.process.pid ?? 0;
      const pid = RUNTIME === 'workerd' ? childrenOf(parent).at(-1) : parent;
      const file = join(directory.path, 'trace');
      const end = await trace(pid ?? 0, file);
      if (end === undefined) return context.skip('strace is not installed, or may not look at another process');
      const scheduledFor = new Date(Date.now() + 3_600_000).toISOString();
      for (let i = 0; i < SUBMITS; i++) {
        const { status } = await service.call('POST', '/v1/tasks', { type: 'example.sum', input: { a: i, b: 1 }, scheduledFor });
        expect(status).toBe(201);
      }
      await end();
      const seen = syncsAndAnswers(file);
      expect(seen.match(/a/g)).toHaveLength(SUBMITS);
      expect(seen).toMatch(new RegExp(`^(s+a){${SUBMITS}}s*$`));
    } finally {
      await service.stop();
      directory.remove();
    }
  }, 40_000);
});
