/**
 * Variants of the sources under test, made while they are loaded: one string in one file replaced by another. So limits can be
 * small and bugs be planted without a switch in the code itself. A string that is not found exactly once ends the run:
 * an edit that no longer fits must be written anew, and never passes in silence.
 */
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

/** One replacement in one source file. */
export interface Edit {
  /** The file, from the root of the repository. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const ROOT = new URL('../../', import.meta.url);
const VARIANT = 'variant';

/**
 * Loads `module` (a path from here) and all of the repository that it imports, with `edits`. `name` keeps the variant apart
 * from others in the same thread: each is a whole of its own.
 */
export async function loadVariant<T>(module: string, name: string, edits: readonly Edit[]): Promise<T> {
  const missing = new Set(edits);
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const parent = context.parentURL === undefined ? null : new URL(context.parentURL).searchParams.get(VARIANT);
      if (parent !== name || !resolved.url.startsWith(ROOT.href) || resolved.url.includes('/node_modules/')) return resolved;
      return { ...resolved, url: inVariant(new URL(resolved.url), name).href };
    },
    load(url, context, next) {
      const address = URL.canParse(url) ? new URL(url) : undefined;
      if (address?.protocol !== 'file:' || address.searchParams.get(VARIANT) !== name) return next(url, context);
      const path = decodeURIComponent(address.pathname.slice(ROOT.pathname.length));
      const here = edits.filter(({ file }) => file === path);
      if (here.length === 0) return next(url, context);
      for (const edit of here) missing.delete(edit);
      return {
        format: 'module',
        source: stripTypeScriptTypes(edited(readFileSync(fileURLToPath(new URL(address.pathname, address)), 'utf8'), here)),
        shortCircuit: true,
      };
    },
  });
  try {
    const loaded = (await import(inVariant(new URL(module, import.meta.url), name).href)) as T;
    for (const { file } of missing) throw new Error(`${file} is not loaded, so it cannot be edited.`);
    return loaded;
  } finally {
    hooks.deregister();
  }
}

function inVariant(url: URL, name: string): URL {
  url.searchParams.set(VARIANT, name);
  return url;
}

/** The text with every edit made, or an error: a find that is not there exactly once is no edit. */
export function edited(text: string, edits: readonly Edit[]): string {
  return edits.reduce((before, { file, find, replace }) => {
    const found = before.split(find).length - 1;
    if (found !== 1) throw new Error(`${file} has ${found} times, and should have once: ${find}`);
    return before.replace(find, () => replace);
  }, text);
}
