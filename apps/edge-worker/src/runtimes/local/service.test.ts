import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SYSTEM } from '@errand/core/actor';
import { mintTaskId, TASK_ID_RANDOM_BYTES } from '@errand/core/id';
import type { TaskSpec } from '@errand/core/task';
import { openLocalService, type LocalService } from './service.ts';
import { MAX_OPEN_FILES } from './stored-files.ts';

const ADDRESS = { place: 0, object: 'ledger', shard: 0 } as const;
const NAMESPACES = 1_000;
/** Memory where there is any, for a thousand new files are a thousand waits for the disk. */
const PARENT = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

let directory: string;
let local: LocalService;

function open(idleMs?: number): LocalService {
  return openLocalService({
    directory,
    settings: {
      keyEncryptionKey: 'k'.repeat(32),
      publicUrl: undefined,
      egressAllow: '',
      places: { submits: 256 },

      development: undefined,
      processId: undefined,
    },
    definitions: [],
    assets: undefined,
    ...(idleMs === undefined ? {} : { idleMs }),
  });
}

beforeEach(() => {
  directory = mkdtempSync(join(PARENT, 'errand objects '));
});
afterEach(async () => {
  await local.stop(0, async () => {});
  rmSync(directory, { recursive: true });
});

/** Submits a task that is not due for an hour. */
async function submit(namespace: string): Promise<string> {
  const now = Date.now();
  const spec = specOf(namespace, now);
  const command = { type: 'submit', actor: SYSTEM, spec, scheduledFor: now + 3_600_000 } as const;
  const [result] = await local.service.objects.get(`${namespace}/0/ledger/0`).execute([{ taskId: spec.id, command }]);
  if (result?.ok !== true) throw new Error(JSON.stringify(result));
  return spec.id;
}

function specOf(namespace: string, now: number): TaskSpec {
  return {
    id: mintTaskId(now, ADDRESS, crypto.getRandomValues(new Uint8Array(TASK_ID_RANDOM_BYTES))),
    namespace,
    type: 'example.sum',
    version: 1,
    kind: 'automated',
    input: {},
    priority: 3,
    tags: [],
    metadata: {},
    timeouts: {},
    retentionMs: 1_000,
    system: false,
    createdAt: now,
    retry: { maxAttempts: 1, initialIntervalMs: 1, backoffCoefficient: 1, maxIntervalMs: 1, jitter: 'none', nonRetryableCodes: [] },
    route: { executor: 'automated', lane: 'automated', rule: 'default', reason: 'by kind' },
  };
}

/** Handles of this process below the directory. */
function handles(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(join(directory, 'objects/'));
    } catch {
      return false;
    }
  }).length;
}

describe('a thousand namespaces in one process', () => {
  it('hold a bounded number of files, and leave memory when nobody asks for them', async () => {
    local = open(200);
    local.start();
    const ids: string[] = [];
    for (let i = 0; i < NAMESPACES; i++) ids.push(await submit(`n-${i}`));
    expect(local.load().files).toBeLessThanOrEqual(MAX_OPEN_FILES);
    expect(existsSync('/proc/self/fd') ? handles() : 0).toBeLessThanOrEqual(MAX_OPEN_FILES * 3);
    await expect.poll(() => local.load(), { timeout: 30_000 }).toEqual({ objects: 0, files: 0 });
    const [task] = await local.service.objects.get('n-7/0/ledger/0').read([ids[7] as TaskSpec['id']]);
    expect(task).toMatchObject({ id: ids[7], status: 'scheduled' });
    expect(local.load()).toEqual({ objects: 1, files: 1 });
  }, 120_000);
});
