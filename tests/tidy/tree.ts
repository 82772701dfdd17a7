/** The files that the rules of style are held to: everything that somebody wrote, and nothing that a tool made. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export const ROOT = join(import.meta.dirname, '..', '..');

const MADE = new Set(['node_modules', 'dist', '.git', '.errand', '.turbo', '.wrangler', 'output', '.peers', 'pnpm-lock.yaml']);
const WRITTEN = /\.(ts|tsx|mjs|js|py|md|json|jsonc|yaml|css|html)$|^\.ci\/run$/;

/** Every written file of the tree. */
export function readTree(directory = ROOT): SourceFile[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    if (MADE.has(name)) return [];
    if (statSync(path).isDirectory()) return readTree(path);
    const short = relative(ROOT, path).replaceAll('\\', '/');
    return WRITTEN.test(short) ? [{ path: short, text: readFileSync(path, 'utf8') }] : [];
  });
}
