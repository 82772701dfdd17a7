import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** It takes 15 MB, and 200 where Node looks for the format of each file. */
const MAX_GROWTH_BYTES = 60_000_000;

it('loads Drizzle in little memory on Node', () => {
  const script = `
    import { knowDrizzleFormat } from './drizzle-format.ts';
    knowDrizzleFormat();
    const before = process.memoryUsage().rss;
    const { drizzle } = await import('drizzle-orm/d1');
    console.log(typeof drizzle, process.memoryUsage().rss - before);`;
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script];
  const [kind, growth] = execFileSync(process.execPath, args, { cwd: join(import.meta.dirname), encoding: 'utf8' }).split(' ');
  expect(kind).toBe('function');
  expect(Number(growth)).toBeLessThan(MAX_GROWTH_BYTES);
});
