import type { Assignment } from '@errand/core/assignment';
import type { Task } from '@errand/core/task';
import { expect, it } from 'vitest';
import { createCallbackExecutor } from './callback-executor.ts';
import { faultOf, type OutboundAnswer } from './outbound.ts';

const ENDED = { id: 'task_1', namespace: 'default', status: 'completed', endedAt: 0 } as unknown as Task;
const ASSIGNMENT = {
  task: { id: 'task_2', namespace: 'default', input: { taskId: 'task_1', url: 'https://receiver.example/done', event: 'task.completed' } },
} as unknown as Assignment;

async function told(answer: OutboundAnswer) {
  const executor = createCallbackExecutor({
    readTask: async () => ENDED,
    signingSecret: async () => 'whsec_x',
    sign: () => ({}),
    view: ({ id }) => ({ id }),
    send: async () => answer,
    now: () => 0,
  });
  return await executor.perform(ASSIGNMENT, { signal: new AbortController().signal, log: () => {} } as never);
}

const answered = (status: number, headers = {}): OutboundAnswer => ({ ok: true, response: { status, headers, body: new Uint8Array() } });

it.each([
  ['a receiver that answers 204', answered(204), { kind: 'completed', output: { status: 204 } }],
  ['one that answers 200 with more than is read', faultOf('too_large', 'too much', 200), { kind: 'completed', output: { status: 200 } }],
  ['an answer too large whose status nobody knows', faultOf('too_large', 'too much'), { kind: 'failed', error: { retryable: false } }],
  ['a redirect', answered(302), { kind: 'failed', error: { code: 'upstream.unavailable', retryable: true } }],
  ['a refusal', answered(400), { kind: 'failed', error: { code: 'upstream.unavailable', retryable: true } }],
  ['one that is busy', answered(429, { 'retry-after': '3' }), { kind: 'failed', error: { retryable: true }, nextRetryDelayMs: 3_000 }],
  ['one that wants no more', answered(410), { kind: 'failed', error: { code: 'upstream.gone', retryable: false } }],
])('%s means what it should', async (_name, answer, outcome) => {
  expect(await told(answer)).toMatchObject(outcome);
});
