/** The data directory: locked against a second process, rid of its own orphan, and keeper of the development secrets. */
import { existsSync, mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newSecrets, type Secrets } from './secrets.ts';

/** Says why a start cannot go on, in words for whoever typed the command. */
export class StartRefused extends Error {}

/** Takes the lock. It is held by an open SQLite transaction, so the system frees it however this process ends. */
export function lockDirectory(directory: string): { release(): void } {
  mkdirSync(directory, { recursive: true });
  const db = new DatabaseSync(join(directory, 'lock.sqlite'));
  try {
    db.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch {
    throw new StartRefused(`Another Errand is running on ${directory}. Stop it, or set ERRAND_DATA_DIR to another directory.`);
  }
  return { release: () => db.close() };
}

/** Ends the workerd that an earlier process of this directory left behind: `kill -9` of a parent spares its child. */
export function endOrphan(directory: string): void {
  let recorded: { pid: number; startTime: string };
  try {
    recorded = JSON.parse(readFileSync(join(directory, 'workerd.json'), 'utf8')) as typeof recorded;
  } catch {
    return;
  }
  // A number may have been given to somebody else's process since: only the same start time, and only a workerd, is ended.
  if (startTimeOf(recorded.pid) === recorded.startTime && isWorkerd(recorded.pid)) process.kill(recorded.pid, 'SIGKILL');
  rmSync(join(directory, 'workerd.json'), { force: true });
}

/** Records the workerd this process started, for {@link endOrphan}. */
export function recordChild(directory: string): void {
  const pid = childrenOf(process.pid).find(isWorkerd);
  if (pid !== undefined) writeFileSync(join(directory, 'workerd.json'), JSON.stringify({ pid, startTime: startTimeOf(pid) }));
}

/** The secrets of a development service: made once, then the same for the directory. New ones would make its data unreadable. */
export function developmentSecrets(directory: string): Secrets {
  const path = join(directory, 'secrets.json');
  if (!existsSync(path)) writeAtomically(path, JSON.stringify(newSecrets('dev')));
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Secrets;
  } catch (fault) {
    throw new StartRefused(`The secrets in ${path} cannot be read. Bring the file back from a backup: only its keys open the data.`, {
      cause: fault,
    });
  }
}

/** Writes a file that only its owner reads, whole or not at all. */
export function writeAtomically(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function isWorkerd(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/exe`).endsWith('/workerd');
  } catch {
    return false;
  }
}

function startTimeOf(pid: number): string | undefined {
  try {
    // Field 22 of /proc/<pid>/stat; the second is the command in parentheses and may hold spaces.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19];
  } catch {
    return undefined;
  }
}
