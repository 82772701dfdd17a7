/** The command that serves on each runtime. Bun and Deno are packages of their own, installed when somebody asks for them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const RUNTIMES = ['workerd', 'node', 'bun', 'deno'] as const;
export type RuntimeName = (typeof RUNTIMES)[number];

/** A program with its arguments. */
export interface RuntimeCommand {
  readonly program: string;
  readonly args: readonly string[];
}

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const BUN = join(ROOT, 'runtimes', 'bun', 'node_modules', 'bun-bin', 'bin', 'bun.exe');
const DENO = join(ROOT, 'runtimes', 'deno', 'node_modules', 'deno-bin', 'deno');
/** Packages are those that pnpm installed; Deno is to look for none and to write no lock file. */
const DENO_ARGS = ['run', '--allow-all', '--no-lock', '--node-modules-dir=manual', '--no-check'];

export function isRuntimeName(name: string): name is RuntimeName {
  return (RUNTIMES as readonly string[]).includes(name);
}

/** The command for a runtime, run by Node. `undefined` where the runtime is not installed. */
export function runtimeCommand(name: RuntimeName): RuntimeCommand | undefined {
  const entry = (path: string): string => join(import.meta.dirname, path);
  const node = { program: process.execPath, args: ['--disable-warning=ExperimentalWarning'] };
  switch (name) {
    case 'workerd':
      return { program: node.program, args: [...node.args, entry('cloudflare/serve.ts')] };
    case 'node':
      return { program: node.program, args: [...node.args, entry('local/serve-node.ts')] };
    case 'bun':
      return existsSync(BUN) ? { program: BUN, args: [entry('local/serve-bun.ts')] } : undefined;
    case 'deno':
      return existsSync(DENO) ? { program: DENO, args: [...DENO_ARGS, entry('local/serve-deno.ts')] } : undefined;
  }
}
