import { mintTaskId } from '@errand/core/id';
import { openLedger, spec } from '@errand/core/ledger/open-ledger.fixture';
import { FULL_AT_BYTES } from '@errand/core/ledger/storage-limit';
import type { LedgerObject } from '@errand/core/ledger-object';
import { beforeEach, describe, expect, it } from 'vitest';
import { placeTask, reserveKeys } from './place-task.ts';
import type { Service } from './service.ts';
import type { Submission } from './submit.ts';

let ledgers: Record<string, LedgerObject>;
let home: ReturnType<typeof openLedger>;
let service: Service;
beforeEach(() => {
  home = openLedger();
  ledgers = { home: home.ledger, inbox: openLedger().ledger };
  service = { objects: { get: (name: string) => ledgers[name] } } as unknown as Service;
});

/** A manual task with a key, as an endpoint that minted an id of its own submits it. */
function submission(digest = 'd'): Submission {
  const id = mintTaskId(Date.now(), { place: 0, object: 'inbox', shard: 0 }, crypto.getRandomValues(new Uint8Array(13)));
  return {
    object: 'inbox',
    keyHome: 'home',
    command: {
      taskId: id,
      command: { type: 'submit', actor: { kind: 'key', id: 'k' }, spec: spec({ id, kind: 'manual', idempotencyKey: 'key' }) },
      idempotency: { key: 'key', digest },
    },
  };
}

describe('a task whose key lives in another object', () => {
  it('is made under the id of the first try, wherever that try broke off', async () => {
    const first = submission();
    // The first try reserved its key, and was never heard of again.
    await reserveKeys(service, [first], () => {});
    const placed = await placeTask(service, submission());
    expect([placed.task.id, placed.replayed]).toEqual([first.command.taskId, false]);
    // The second try wrote the task, and its answer was lost.
    const again = await placeTask(service, submission());
    expect([again.task.id, again.replayed]).toEqual([first.command.taskId, true]);
  });

  it('is made once by many tries at once', async () => {
    const placed = await Promise.all(Array.from({ length: 20 }, () => placeTask(service, submission())));
    expect(new Set(placed.map(({ task }) => task.id)).size).toBe(1);
    expect(placed.filter(({ replayed }) => !replayed)).toHaveLength(1);
  });

  it('is refused where no new key fits, with when to come back, and nothing is stored', async () => {
    home.turn.databaseSize = FULL_AT_BYTES;
    const first = submission();
    const problem = { status: 503, code: 'storage_full', options: { headers: { 'retry-after': '60' } } };
    await expect(placeTask(service, first)).rejects.toMatchObject(problem);
    expect(await ledgers['inbox']?.read([first.command.taskId])).toEqual([null]);
  });

  it('is refused with another body, and nothing is stored', async () => {
    await placeTask(service, submission());
    const other = submission('other');
    await expect(placeTask(service, other)).rejects.toMatchObject({ status: 422, code: 'idempotency_conflict' });
    expect(await ledgers['inbox']?.read([other.command.taskId])).toEqual([null]);
  });
});
