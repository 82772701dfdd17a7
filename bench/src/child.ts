/** Processes of targets: started here, ended here, and none else. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

const STOP_WITHIN_MS = 10_000;
/** What a process said last, for whoever must know why it ended. */
const KEPT_CHARACTERS = 2_000;

export interface Child {
  readonly pid: number;
  /** Why it is gone, or `undefined` while it runs. */
  gone(): string | undefined;
  /** Resolves with the first match in what it prints, or throws when it ends or takes too long. */
  says(pattern: RegExp, withinMs: number): Promise<RegExpExecArray>;
  /** Resolves when it has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export function startChild(program: string, args: readonly string[], options: SpawnOptions = {}): Child {
  const child: ChildProcess = spawn(program, [...args], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  let looking: (() => void) | undefined;
  const keep = (chunk: Buffer): void => {
    said = (said + chunk.toString()).slice(-KEPT_CHARACTERS);
    looking?.();
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  // Whoever ends first, the pipe breaks: that is no fault of ours.
  child.stdin?.on('error', () => undefined);
  let why: string | undefined;
  const ended = new Promise<void>((done) => {
    const end = (reason: string): void => {
      why = `${program} ended (${reason}). ${said.trim()}`;
      looking?.();
      done();
    };
    child.once('error', (fault) => end(fault.message));
    child.once('exit', (code, signal) => end(String(code ?? signal)));
  });
  return {
    pid: child.pid ?? 0,
    gone: () => why,
    says: (pattern, withinMs) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${program} was not ready in time. ${said.trim()}`)), withinMs);
        looking = () => {
          const found = pattern.exec(said);
          if (found === null && why === undefined) return;
          clearTimeout(timer);
          looking = undefined;
          if (found === null) reject(new Error(why));
          else resolve(found);
        };
        looking();
      }),
    async stop(signal = 'SIGTERM') {
      if (why !== undefined) return;
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
