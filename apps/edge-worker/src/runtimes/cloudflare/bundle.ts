/** Bundles the worker for workerd. Takes a fraction of a second, so every start does it. */
import { build, stop, type Plugin } from 'esbuild';
import { dirname, join } from 'node:path';

/** One ES module with everything but the platform's own modules. `moreHandlers` is a module that adds its own `HANDLERS`. */
export async function bundleWorker(entry: string, moreHandlers?: string | undefined): Promise<string> {
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
    plugins: moreHandlers === undefined ? [] : [addHandlers(join(dirname(entry), 'handlers.ts'), moreHandlers)],
  });
  // esbuild's own process would stay, with 70 MB.
  await stop();
  const [file] = result.outputFiles;
  if (file === undefined) throw new Error('The bundle is empty.');
  return file.text;
}

/** Puts a module in the place of the entry's `./handlers.ts` that exports the handlers of both. */
function addHandlers(own: string, more: string): Plugin {
  return {
    name: 'add-handlers',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\/handlers\.ts$/ }, () => ({ path: own, namespace: 'both-handlers' }));
      onLoad({ filter: /.*/, namespace: 'both-handlers' }, () => ({
        contents: `import { HANDLERS as own } from ${JSON.stringify(own)};
          import { HANDLERS as more } from ${JSON.stringify(more)};
          export const HANDLERS = [...own, ...more];`,
        resolveDir: dirname(own),
      }));
    },
  };
}
