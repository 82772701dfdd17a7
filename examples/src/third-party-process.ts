/** Starts and stops the example third party as a process, on the port and with the token that its directory remembers. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The running third party and what is needed to call it. */
export interface ThirdParty {
  readonly url: string;
  readonly token: string;
  /** The secret with which it signs webhooks. */
  readonly webhookSecret: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

interface Remembered {
  readonly token: string;
  readonly webhookSecret: string;
  readonly port: number;
  readonly pid: number;
}

const PROGRAM = join(import.meta.dirname, 'third-party.ts');
const READY_WITHIN_MS = 10_000;
const KILL_AFTER_MS = 2_000;

/** Starts it in `dir`, after ending the orphan that the same directory records, if there is one. */
export async function startThirdParty({ dir }: { readonly dir: string }): Promise<ThirdParty> {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'third-party.json');
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Remembered) : undefined;
  if (known) await endOrphan(known);
  const token = known?.token ?? randomBytes(24).toString('base64url');
  const webhookSecret = known?.webhookSecret ?? `whsec_${randomBytes(32).toString('base64')}`;
  const child = spawn(process.execPath, [PROGRAM, '--dir', dir, '--port', String(known?.port ?? 0), '--with-parent'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, THIRD_PARTY_TOKEN: token },
  });
  const { url, port } = await ready(child);
  const pid = child.pid ?? 0;
  writeFileSync(`${file}.new`, JSON.stringify({ token, webhookSecret, port, pid } satisfies Remembered), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return { url, token, webhookSecret, pid, stop: () => stopChild(child) };
}

function ready(child: ChildProcess): Promise<{ url: string; port: number }> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error('the example third party did not start in time'));
    }, READY_WITHIN_MS);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the example third party ended while starting (code ${code}); is its port taken?`));
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (!text.includes('\n')) return;
      clearTimeout(timer);
      resolve(JSON.parse(text.slice(0, text.indexOf('\n'))) as { url: string; port: number });
    });
  });
}

/** Ends a recorded process only when the one listening knows our token and says that it has that id: ids are reused. */
async function endOrphan(known: Remembered): Promise<void> {
  try {
    const answer = await fetch(`http://127.0.0.1:${known.port}/identity`, {
      headers: { authorization: `Bearer ${known.token}` },
      signal: AbortSignal.timeout(1_000),
    });
    const { pid } = (await answer.json()) as { pid?: number };
    if (!answer.ok || pid !== known.pid) return;
  } catch {
    return;
  }
  process.kill(known.pid, 'SIGTERM');
  for (let waitedMs = 0; isAlive(known.pid); waitedMs += 20) {
    if (waitedMs === KILL_AFTER_MS) process.kill(known.pid, 'SIGKILL');
    if (waitedMs > 2 * KILL_AFTER_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
