/** Puts the API's documentation page among the worker's assets: a page of our own around Swagger UI, nothing from elsewhere. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './install.mjs';

const WORKER = join(ROOT, 'apps', 'edge-worker');
const PAGE = join(WORKER, 'docs-page');
const SWAGGER_UI = join(WORKER, 'node_modules', 'swagger-ui-dist');
const DIST = join(WORKER, 'dist');
const STAMP = join(DIST, 'docs.stamp');

/** Copies what is missing or has changed. */
export function buildDocsPage() {
  const files = [
    ...readdirSync(PAGE).map((name) => join(PAGE, name)),
    ...['swagger-ui.css', 'swagger-ui-bundle.js', 'LICENSE', 'NOTICE'].map((name) => join(SWAGGER_UI, name)),
  ];
  const hash = createHash('sha256').update(readFileSync(join(SWAGGER_UI, 'package.json')));
  for (const file of files.slice(0, -4)) hash.update(readFileSync(file));
  const wanted = hash.digest('hex');
  const target = join(DIST, 'assets', 'docs');
  if (existsSync(join(target, 'index.html')) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return;
  // Into a folder of its own first: whoever starts meanwhile finds a whole page, the old one or the new.
  const fresh = join(DIST, `docs-${process.pid}`);
  mkdirSync(fresh, { recursive: true });
  for (const file of files) copyFileSync(file, join(fresh, file.slice(file.lastIndexOf('/') + 1)));
  mkdirSync(join(DIST, 'assets'), { recursive: true });
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
  writeFileSync(STAMP, wanted);
}
