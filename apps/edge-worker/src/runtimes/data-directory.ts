/** The data directory: locked against a second process, rid of its own orphan, and keeper of the development secrets. */
import { existsSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeDirectory, writeAtomically } from './durable-files.ts';
import { newSecrets, type Secrets } from './secrets.ts';

/** Says why a start cannot go on, in words for whoever typed the command. */
export class StartRefused extends Error {}

/** Bytes that a start wants to be able to write; a service that can write nothing can accept nothing. */
const ROOM_BYTES = 65_536;
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'it is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  ENOTDIR: 'a part of this path is a file',
  EEXIST: 'it is a file',
};

/** Makes the directory where there is none, and takes its lock. An open SQLite transaction holds it, so the system frees it however this process ends. */
export function lockDirectory(directory: string): { release(): void } {
  try {
    makeDirectory(directory);
    const probe = join(directory, 'room.tmp');
    writeFileSync(probe, Buffer.alloc(ROOM_BYTES));
    rmSync(probe);
  } catch (fault) {
    const { code = '', message } = fault as NodeJS.ErrnoException;
    throw new StartRefused(
      `The data directory ${directory} cannot be used: ${REASONS[code] ?? message}. Set ERRAND_DATA_DIR to another one.`,
    );
  }
  return lock(directory);
}

function lock(directory: string): { release(): void } {
  try {
    const db = new DatabaseSync(join(directory, 'lock.sqlite'), { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
    return { release: () => db.close() };
  } catch (fault) {
    const message = fault instanceof Error ? fault.message : String(fault);
    if (/locked|busy/.test(message))
      throw new StartRefused(`Another Errand is running on ${directory}. Stop it, or set ERRAND_DATA_DIR to another directory.`);
    throw new StartRefused(`${join(directory, 'lock.sqlite')} cannot be used: ${message}. It holds no data; remove it.`);
  }
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
