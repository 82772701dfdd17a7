import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { scriptCommand } from '@errand/edge-worker/runtimes/runtime-command';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { describe, expect, it } from 'vitest';
import { runSuite } from './suite/run-suite.ts';
import { readSuite } from './suite/suite-data.ts';
import type { RuntimeReport } from './suite/judge-runtime.ts';

const SUITE = readSuite() ?? { files: [], remotes: [] };
const FOLDER = join(import.meta.dirname, 'suite');
const TIMEOUT_MS = 120_000;

async function reportOf(runtime: 'bun' | 'deno'): Promise<RuntimeReport> {
  const command = scriptCommand(runtime, join(FOLDER, 'report-runtime.ts'));
  if (command === undefined) throw new Error(`${runtime} is not installed`);
  const { stdout } = await promisify(execFile)(command.program, command.args, { maxBuffer: 64 * 1024 * 1024, timeout: TIMEOUT_MS });
  return JSON.parse(stdout) as RuntimeReport;
}

async function reportOfWorkerd(): Promise<RuntimeReport> {
  const { outputFiles } = await build({
    entryPoints: [join(FOLDER, 'suite-worker.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
  });
  const script = outputFiles[0]?.text ?? '';
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({ workers: [{ name: 'validator', modules: true, script, compatibilityDate: '2026-07-01' }] }),
  );
  try {
    const response = await miniflare.dispatchFetch('http://localhost/', { method: 'POST', body: JSON.stringify(SUITE) });
    return (await response.json()) as RuntimeReport;
  } finally {
    await miniflare.dispose();
  }
}

describe('the same engine gives the same answers', () => {
  const expected = runSuite(SUITE);

  it.each(['bun', 'deno'] as const)('to the suite on %s, and harm does no harm there', { timeout: TIMEOUT_MS }, async (runtime) => {
    const { suite, complaints } = await reportOf(runtime);
    expect(suite).toEqual(expected);
    expect(complaints).toEqual([]);
  });

  it('to the suite in workerd, and harm does no harm there', { timeout: TIMEOUT_MS }, async () => {
    const { suite, complaints } = await reportOfWorkerd();
    expect(suite).toEqual(expected);
    expect(complaints).toEqual([]);
  });
});
