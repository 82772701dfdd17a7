/** Runs one block of a page as a reader would: a shell that remembers what earlier blocks of the page set, or a program of Node. */
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Block } from './blocks.ts';

/** Where a program of TypeScript may import the client from: beside the packages that the tests have. */
const PROGRAMS = join(import.meta.dirname, '..', 'output', 'docs');
const TIMEOUT_MS = 60_000;

export interface Reader {
  /** The directory that a reader stands in. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What the block printed. Rejects with that and its errors when it fails. */
export async function runBlock({ language, source }: Block, { directory, env }: Reader): Promise<string> {
  switch (language) {
    case 'sh':
      return run('bash', ['-c', shellOf(source, join(directory, 'variables'))], directory, env);
    case 'ts':
      return runProgram(source, directory, env);
    default:
      throw new Error(`A block of ${language} cannot be run.`);
  }
}

/** Variables and functions that the block sets are kept for the next. */
function shellOf(source: string, variables: string): string {
  return `set -euo pipefail\nset -a\n[ -f '${variables}' ] && . '${variables}'\n${source}\n{ export -p; declare -f; } > '${variables}'\n`;
}

async function runProgram(source: string, directory: string, env: Reader['env']): Promise<string> {
  mkdirSync(PROGRAMS, { recursive: true });
  const file = join(PROGRAMS, `${process.pid}-${Math.random().toString(36).slice(2)}.ts`);
  writeFileSync(file, source);
  try {
    return await run(process.execPath, ['--disable-warning=ExperimentalWarning', file], directory, env);
  } finally {
    rmSync(file, { force: true });
  }
}

function run(program: string, args: readonly string[], cwd: string, env: Reader['env']): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env, encoding: 'utf8', timeout: TIMEOUT_MS }, (fault, stdout, stderr) => {
      if (fault === null) resolve(stdout);
      else reject(new Error(`${stderr}${stdout}${fault.message}`));
    });
  });
}
