/** After the last restart: every acknowledged task is found by its id, each once, has come to its end, and cost what it should. */
import type { ThirdParty } from '@errand/examples/third-party-process';
import type { RunningService } from '../service/running-service.ts';
import type { Load, Wanted } from './load.ts';

/** What does not hold, in words; empty when everything does. */
export interface Recount {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly wrong: readonly string[];
}

/** Everything is to end within this, leases and retries included. */
const WITHIN_MS = 60_000;
/** Tasks whose histories are read, too. */
const HISTORIES = 100;

/** Does what people and clients still owe, waits until all tasks have ended, and compares. */
export async function recount(service: RunningService, load: Load, psp: ThirdParty): Promise<Recount> {
  await load.settle(service);
  const known = new Map<string, Wanted>();
  const doubled: string[] = [];
  for (const one of load.wanted) {
    const other = one.id === undefined ? undefined : known.get(one.id);
    if (other !== undefined) doubled.push(`${one.key} and ${other.key} are both ${one.id}`);
    else if (one.id !== undefined) known.set(one.id, one);
  }
  const wrong = await finishOpenWork(service, load);
  const tasks = await allEnded(service);
  for (const id of tasks.keys()) if (!known.has(id)) doubled.push(`${id} was never acknowledged, under no key`);
  const lost = [...known].filter(([id]) => !tasks.has(id)).map(([id, { key }]) => `${id} (${key})`);
  for (const [id, one] of known) wrong.push(...faultsOf(one, tasks.get(id)));
  wrong.push(...(await chargesOf(psp, load)));
  for (const [id] of [...known].slice(0, HISTORIES)) wrong.push(...(await gapsOf(service, id)));
  return { lost, doubled, wrong };
}

/** Claims what was told to be claimed must still be; whoever holds a task completes it, and what is to be canceled is canceled. */
async function finishOpenWork(service: RunningService, load: Load): Promise<string[]> {
  const wrong: string[] = [];
  for (const one of load.wanted) {
    if (one.body['type'] === 'chaos.approve' && !one.told.has('completed')) {
      const { body: task } = await service.call('GET', `/v1/tasks/${one.id}`);
      if (one.told.has('claimed') && task.status === 'waiting' && task.manual.holder?.id !== 'dev')
        wrong.push(`${one.id} was claimed, and nobody holds it`);
      if (task.status === 'waiting') {
        if (task.manual.holder === null) await load.claim(service, one);
        await load.complete(service, one);
      }
    }
    if (one.end === 'canceled' && !one.told.has('canceled')) await load.cancel(service, one);
  }
  return wrong;
}

async function allEnded(service: RunningService): Promise<Map<string, any>> {
  const until = Date.now() + WITHIN_MS;
  for (;;) {
    const { body } = await service.call('GET', '/v1/tasks:count?status=scheduled,queued,running,waiting,retrying,paused');
    if (body.count === 0 || Date.now() > until) return await listAll(service);
    await new Promise((done) => setTimeout(done, 200));
  }
}

async function listAll(service: RunningService): Promise<Map<string, any>> {
  const tasks = new Map<string, any>();
  let cursor = '';
  do {
    const { body } = await service.call('GET', `/v1/tasks?limit=200${cursor}`);
    for (const task of body.items) tasks.set(task.id, task);
    cursor = body.nextCursor === null ? '' : `&cursor=${encodeURIComponent(body.nextCursor)}`;
  } while (cursor !== '');
  return tasks;
}

function faultsOf(one: Wanted, task: any): string[] {
  if (task === undefined) return [];
  const faults: string[] = [];
  if (task.status !== one.end) faults.push(`${task.id} (${one.key}) is ${task.status}, not ${one.end}: ${JSON.stringify(task.error)}`);
  else if (one.output !== undefined && !matches(task.output, one.output))
    faults.push(`${task.id} has the output ${JSON.stringify(task.output)}, not ${JSON.stringify(one.output)}`);
  if (one.notBefore !== undefined && Date.parse(task.startedAt) < one.notBefore) faults.push(`${task.id} began before it was due`);
  return faults;
}

/** The flaky type counts attempts, and a kill may cost one. */
function matches(actual: any, wanted: any): boolean {
  if (wanted?.attempt !== undefined) return actual?.value === wanted.value && actual?.attempt >= wanted.attempt;
  return JSON.stringify(actual) === JSON.stringify(wanted);
}

/** Every order is charged once: one idempotency key for all attempts of a task, over kills and lost answers. */
async function chargesOf(psp: ThirdParty, load: Load): Promise<string[]> {
  const answer = await fetch(`${psp.url}/charges`, { headers: { authorization: `Bearer ${psp.token}` } });
  const { items } = (await answer.json()) as { items: { order: string }[] };
  const charged = new Map<string, number>();
  for (const { order } of items) charged.set(order, (charged.get(order) ?? 0) + 1);
  const orders = load.wanted.flatMap(({ order }) => order ?? []);
  return orders.flatMap((order) => (charged.get(order) === 1 ? [] : [`${order} was charged ${charged.get(order) ?? 0} times`]));
}

async function gapsOf(service: RunningService, id: string): Promise<string[]> {
  const { body } = await service.call('GET', `/v1/tasks/${id}/events`);
  const sequences = body.items.map(({ sequence }: { sequence: number }) => sequence);
  return sequences.every((sequence: number, i: number) => sequence === i + 1) ? [] : [`${id} has a gap in its events: ${sequences.join()}`];
}
