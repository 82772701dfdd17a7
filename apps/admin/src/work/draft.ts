/**
 * What a person has typed and not sent. It stays on this device, one draft a person and task, until the task is answered: a
 * reload, a lost connection, or somebody else's claim takes nothing away.
 */
import { useCallback, useState } from 'react';

const PREFIX = 'errand.draft.';
/** Drafts of tasks that nobody came back to are dropped after this long. */
const KEPT_MS = 30 * 86_400_000;

interface Kept {
  readonly at: number;
  readonly value: unknown;
}

export interface Draft {
  readonly value: unknown;
  readonly keep: (value: unknown) => void;
  readonly forget: () => void;
}

/** The draft of a task. Mount it anew for another task. */
export function useDraft(personId: string, taskId: string): Draft {
  const name = `${PREFIX}${personId}.${taskId}`;
  const [value, setValue] = useState<unknown>(() => read(name)?.value);
  const keep = useCallback(
    (next: unknown) => {
      setValue(next);
      write(name, { at: Date.now(), value: next });
    },
    [name],
  );
  const forget = useCallback(() => {
    setValue(undefined);
    localStorage.removeItem(name);
  }, [name]);
  return { value, keep, forget };
}

/** Drops drafts that are too old to matter. */
export function dropOldDrafts(now: number): void {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(PREFIX) && (read(name)?.at ?? 0) < now - KEPT_MS) localStorage.removeItem(name);
  }
}

function read(name: string): Kept | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(name) ?? 'null');
    return typeof kept === 'object' && kept !== null && 'at' in kept ? (kept as Kept) : undefined;
  } catch {
    return undefined;
  }
}

function write(name: string, kept: Kept): void {
  try {
    localStorage.setItem(name, JSON.stringify(kept));
  } catch {
    // The device's storage is full or closed: the text is still on the screen.
  }
}
