/** What a ledger may rely on of its lanes: Queues, or the local ones. They may lose, double, delay and reorder; this is what they may not. */
import assert from 'node:assert/strict';
import type { TaskId } from '@errand/core/id';
import type { LaneMessage } from '@errand/core/assignment';
import { eventually, type Contract, type ContractCase } from './contract.ts';

export interface LanePort {
  send(lane: string, messages: readonly LaneMessage[]): Promise<void>;
  /** Messages that were begun so far, in order. A message with a task `hold…` is held until `release`; one with `fail…` throws. */
  begun(): readonly LaneMessage[];
  release(): void;
}

const cases: ContractCase<LanePort>[] = [];
const rule = (text: string, run: (lane: LanePort) => Promise<void>): void => void cases.push({ rule: text, run });

/** A message for one object; ids are of the case. */
function message(lane: string, taskIds: readonly string[], object = 'default/0/ledger/0'): LaneMessage {
  return { object, lane, taskIds: taskIds as TaskId[] };
}

const taskIds = (lane: LanePort): string[] => lane.begun().flatMap((one) => one.taskIds);

rule('delivers a message as it was sent', async (lane) => {
  const sent = message('automated', ['a', 'b']);
  await lane.send('automated', [sent]);
  await eventually('it arrives', () => lane.begun().length === 1);
  assert.deepEqual(lane.begun(), [sent]);
});

rule('delivers more messages than a batch holds', async (lane) => {
  const ids = Array.from({ length: 250 }, (_, i) => `task-${i}`);
  await lane.send(
    'automated',
    ids.map((id) => message('automated', [id])),
  );
  await eventually('all arrive', () => taskIds(lane).length === 250, 5_000);
  assert.deepEqual(new Set(taskIds(lane)), new Set(ids));
});

rule('delivers nothing of an empty list', async (lane) => {
  await lane.send('automated', []);
  assert.deepEqual(lane.begun(), []);
});

rule('a message that is being performed holds back no other', async (lane) => {
  await lane.send('automated', [message('automated', ['hold'])]);
  await eventually('it is begun', () => taskIds(lane).includes('hold'));
  await lane.send('automated', [message('automated', ['next'])]);
  await lane.send('integration', [message('integration', ['other lane'])]);
  await eventually('the others are begun', () => taskIds(lane).length === 3);
  lane.release();
});

rule('a message that fails is not delivered again, and harms no other', async (lane) => {
  await lane.send('automated', [message('automated', ['fail']), message('automated', ['next'])]);
  await eventually('both are begun', () => taskIds(lane).length === 2);
  await lane.send('automated', [message('automated', ['last'])]);
  await eventually('the last is begun', () => taskIds(lane).includes('last'));
  assert.equal(taskIds(lane).filter((id) => id === 'fail').length, 1);
});

export const LANE_CONTRACT: Contract<LanePort> = { port: 'lane', cases };
