import { openLedger } from '@errand/core/ledger/open-ledger.fixture';
import { FULL_AT_BYTES } from '@errand/core/ledger/storage-limit';
import type { TaskType } from '@errand/core/task-type';
import { describe, expect, it } from 'vitest';
import { homeOfKey, objectName } from '../address.ts';
import type { Namespace } from '../catalog/namespaces.ts';
import type { Service } from './service.ts';
import { submitBatch } from './submit-batch.ts';

const NAMESPACE: Namespace = { name: 'default', shards: 2, places: [], createdAt: 0 };
const TYPE: TaskType = {
  name: 'example.sum',
  version: 1,
  kind: 'automated',
  inputSchema: true,
  outputSchema: true,
  retry: { maxAttempts: 1, initialIntervalMs: 1, backoffCoefficient: 1, maxIntervalMs: 1, jitter: 'none', nonRetryableCodes: [] },
  timeouts: {},
  onInvalidOutput: 'fail',
  retentionMs: 1_000,
  tags: [],
};

/** Two shards, and what a batch needs of the service in front of them. */
function openShards() {
  const shards = [openLedger('default/0/ledger/0'), openLedger('default/0/ledger/1')] as const;
  const objects = { get: (name: string) => shards[name === 'default/0/ledger/0' ? 0 : 1].ledger };
  const types = { find: async () => ({ type: TYPE, checkInput: async (value: unknown) => ({ ok: true, value }) }) };
  const service = {
    objects,
    types,
    rules: { inForce: async () => [] },
    handlers: new Set(),
    now: () => Date.now(),
    random: () => 0,
    randomBytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)),
  } as unknown as Service;
  return { shards, submitter: { service, namespace: NAMESPACE, actor: { kind: 'key', id: 'k' }, continent: undefined } as const };
}

describe('a batch', () => {
  it('has refused only what goes to a full shard', async () => {
    const { shards, submitter } = openShards();
    shards[1].turn.databaseSize = FULL_AT_BYTES;
    const keys = Array.from({ length: 20 }, (_, i) => `key-${i}`);
    const entries = keys.map((idempotencyKey, i) => ({
      pointer: `#/tasks/${i}`,
      task: { text: JSON.stringify({ type: TYPE.name, input: {}, idempotencyKey }), isTooDeep: false },
    }));
    const answers = await submitBatch(submitter, entries, 'trace');
    const isFull = (key: string) => objectName('default', homeOfKey(NAMESPACE, key)) === 'default/0/ledger/1';
    expect(answers.map((answer) => ('problem' in answer ? [answer.status, answer.problem['code']] : answer.status))).toEqual(
      keys.map((key) => (isFull(key) ? [503, 'storage_full'] : 201)),
    );
    expect(new Set(keys.map(isFull)).size).toBe(2);
  });
});
