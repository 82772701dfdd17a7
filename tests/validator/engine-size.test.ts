import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const MAX_BYTES = 12_000;
const ENGINE = join(import.meta.dirname, '..', '..', 'packages', 'core', 'src', 'validator', 'engine', 'engine.ts');

it('the engine with every keyword and its messages is at most 12 kB gzipped; formats, patterns and expressions are given to it', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [ENGINE],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    metafile: true,
  });
  const modules = Object.keys(metafile.inputs);
  expect(modules.filter((path) => path.includes('node_modules'))).toEqual([]);
  expect(modules.filter((path) => path.includes('/keywords/')).length).toBeGreaterThan(15);
  expect(gzipSync(outputFiles[0]?.contents ?? '').length).toBeLessThanOrEqual(MAX_BYTES);
});
