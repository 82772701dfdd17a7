/** Bundles the worker for workerd. Takes a fraction of a second, so every start does it. */
import { build, stop } from 'esbuild';

/** One ES module with everything but the platform's own modules. */
export async function bundleWorker(entry: string): Promise<string> {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser', 'import'],
    external: ['cloudflare:*', 'node:*'],
    write: false,
    logLevel: 'warning',
  });
  // esbuild's own process would stay, with 70 MB.
  await stop();
  const [file] = result.outputFiles;
  if (file === undefined) throw new Error('The bundle is empty.');
  return file.text;
}
