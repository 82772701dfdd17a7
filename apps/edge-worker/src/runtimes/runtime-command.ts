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
const NODE_ARGS = ['--disable-warning=ExperimentalWarning'];
/** What starts workerd has nothing to do afterwards: its heap stays as small as it can. */
const LAUNCHER_ARGS = ['--optimize-for-size', '--max-semi-space-size=1'];
/** Packages are those that pnpm installed; Deno is to look for none and to write no lock file. */
const DENO_ARGS = ['run', '--allow-all', '--no-lock', '--node-modules-dir=manual', '--no-check'];

export function isRuntimeName(name: string): name is RuntimeName {
  return (RUNTIMES as readonly string[]).includes(name);
}

/** The command that serves on a runtime, asked for by Node. `undefined` where the runtime is not installed. */
export function runtimeCommand(name: RuntimeName): RuntimeCommand | undefined {
  return scriptCommand(name, join(import.meta.dirname, name === 'workerd' ? 'cloudflare/serve.ts' : `local/serve-${name}.ts`));
}

/** The command that runs a script. What concerns workerd is a script of Node, which starts it. */
export function scriptCommand(name: RuntimeName, script: string): RuntimeCommand | undefined {
  switch (name) {
    case 'workerd':
      return { program: process.execPath, args: [...NODE_ARGS, ...LAUNCHER_ARGS, script] };
    case 'node':
      return { program: process.execPath, args: [...NODE_ARGS, script] };
    case 'bun':
      return existsSync(BUN) ? { program: BUN, args: [script] } : undefined;
    case 'deno':
      return existsSync(DENO) ? { program: DENO, args: [...DENO_ARGS, script] } : undefined;
  }
}
