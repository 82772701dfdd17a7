import { assert, asyncProperty, array, constantFrom, integer, oneof, record, type Arbitrary } from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeliveryId, EventOffer, NumberedPost } from '@errand/core/hook-delivery';
import { mintTaskId, type TaskId } from '@errand/core/id';
import { addressOfObject } from '@errand/core/object-name';
import type { LedgerObject } from '@errand/core/ledger-object';
import { openLedger, spec } from '@errand/core/ledger/open-ledger.fixture';
import type { Service } from '../api/service.ts';
import { bringEvent } from './bring-event.ts';

// Posts that fail are part of these tests; their warnings are not of interest.
beforeEach(() => void vi.spyOn(console, 'warn').mockReturnValue());
afterEach(() => void vi.restoreAllMocks());

const OBJECTS = ['default/0/ledger/0', 'default/0/ledger/1', 'default/0/inbox/0'] as const;
const KEYS = ['a', 'b'] as const;
/** Where events and tasks meet: each key has its own object. */
const MEETINGS = { a: OBJECTS[0], b: OBJECTS[1] } as const;
const ACTOR = { kind: 'system', id: 'test' } as const;
const OUTPUT_LIMIT = 7;

type Step =
  | { readonly do: 'wait'; readonly key: 'a' | 'b'; readonly object: number }
  | { readonly do: 'event'; readonly key: 'a' | 'b'; readonly output: number; readonly crash: number }
  | { readonly do: 'cancel' | 'retry'; readonly task: number }
  | { readonly do: 'match'; readonly crash: number }
  | { readonly do: 'time' };

const steps: Arbitrary<Step[]> = array(
  oneof(
    record({ do: constantFrom('wait' as const), key: constantFrom(...KEYS), object: integer({ min: 0, max: 2 }) }),
    record({
      do: constantFrom('event' as const),
      key: constantFrom(...KEYS),
      output: integer({ min: 0, max: 9 }),
      crash: integer({ min: 0, max: 12 }),
    }),
    record({ do: constantFrom('cancel' as const, 'retry' as const), task: integer({ min: 0, max: 20 }) }),
    record({ do: constantFrom('match' as const), crash: integer({ min: 0, max: 12 }) }),
    record({ do: constantFrom('time' as const) }),
  ),
  { minLength: 4, maxLength: 40 },
);

class Crash extends Error {}

/** Three objects whose posts are lost, applied with a lost answer, or carried, as `fate` says in turn. */
function openWorld(fate: readonly number[]) {
  let posted = 0;
  const worlds = new Map(OBJECTS.map((name) => [name as string, openLedger(name)]));
  const objects = { get: (name: string) => worldOf(name).ledger as LedgerObject };
  function worldOf(name: string) {
    const world = worlds.get(name);
    if (world === undefined) throw new Error(`no object ${name}`);
    return world;
  }
  for (const world of worlds.values())
    world.turn.post = async (destination: string, sender: string, posts: readonly NumberedPost[]) => {
      const what = fate[posted++ % fate.length] ?? 0;
      if (what === 1) throw new Crash('lost on its way');
      await objects.get(destination).takePosts(sender, posts);
      if (what === 2) throw new Crash('the answer was lost');
    };
  /** A service that breaks off before its n-th call of an object; 0 never does. */
  const service = (crashAt: number): Service => {
    let calls = 0;
    const breaking = (object: LedgerObject): LedgerObject =>
      new Proxy(object, {
        get: (target, member) =>
          member === 'then'
            ? undefined
            : async (...args: unknown[]) => {
                if ((calls += 1) === crashAt) throw new Crash('broke off');
                return (target[member as keyof LedgerObject] as (...all: unknown[]) => unknown)(...args);
              },
      });
    return {
      objects: { get: (name: string) => breaking(objects.get(name)) },
      types: {
        checkOutput: async (_namespace: string, _type: string, _version: number, output: number) =>
          output <= OUTPUT_LIMIT
            ? { ok: true, output }
            : { ok: false, errors: [], error: { code: 'output_invalid', message: '', retryable: false } },
      },
      random: () => 0,
    } as unknown as Service;
  };
  return { worlds, objects, service };
}

describe('events and tasks, in any order, with crashes and lost posts', () => {
  it('meet one to one, and none is left beside the other', async () => {
    await assert(
      asyncProperty(steps, array(integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 8 }), async (plan, fate) => {
        const { worlds, objects, service } = openWorld([...fate, 0]);
        const tasks: { id: TaskId; object: string; key: 'a' | 'b' }[] = [];
        const open: { offer: EventOffer; key: 'a' | 'b'; done: boolean }[] = [];
        const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

        const begin = async ({ id, object, key }: (typeof tasks)[number]): Promise<void> => {
          const world = worlds.get(object);
          const [assignment] = (await world?.ledger.begin([id], 'service', 15_000)) ?? [];
          if (assignment === undefined) return;
          const outcome = { kind: 'waiting', for: 'event', correlation: key, meeting: MEETINGS[key] } as const;
          const command = { type: 'report', actor: ACTOR, fence: assignment.fence, outcome, delayFraction: 0 } as const;
          await world?.ledger.execute([{ taskId: id, command }]);
        };
        /** What `errand.hook` does, and does again after a crash. */
        const process = async (event: (typeof open)[number], crash: number): Promise<void> => {
          const broken = service(crash);
          const meeting = broken.objects.get(MEETINGS[event.key]);
          const offered = meeting.offerEvent(event.offer);
          const result = await offered.then((state) => bringEvent(broken, meeting, event.offer, state)).catch(keepCrash);
          event.done = result !== undefined;
        };
        /** What `errand.match` does, for every one that is not done. */
        const match = async (crash: number): Promise<void> => {
          for (const { ledger } of worlds.values()) {
            const { items } = await ledger.list({ system: true, type: 'errand.match', status: ['queued'] }, null, 100);
            for (const { id, input } of items) {
              const deliveryId = (input as { deliveryId: DeliveryId }).deliveryId;
              const kept = await ledger.readOffer(deliveryId);
              if (kept === null) continue;
              const broken = service(crash);
              const meeting = broken.objects.get(MEETINGS[kept.offer.correlation as 'a' | 'b']);
              const result = await bringEvent(broken, meeting, kept.offer, kept.state).catch(keepCrash);
              if (result !== undefined) await ledger.execute([{ taskId: id, command: { type: 'cancel', actor: ACTOR } }]);
            }
          }
        };
        const time = async (): Promise<void> => {
          for (const { ledger, turn } of worlds.values()) {
            turn.now += 61_000;
            await ledger.tick();
          }
          await settle();
        };

        for (const step of plan) {
          const task = step.do === 'cancel' || step.do === 'retry' ? tasks[step.task] : undefined;
          switch (step.do) {
            case 'wait': {
              const object = OBJECTS[step.object] ?? OBJECTS[0];
              const id = mintTaskId(Date.now(), addressOfObject(object), crypto.getRandomValues(new Uint8Array(13)));
              const one = { id, object, key: step.key };
              const submit = { type: 'submit', actor: ACTOR, spec: spec({ id, kind: 'integration', timeouts: {} }) } as const;
              await worlds.get(object)?.ledger.execute([{ taskId: id, command: submit }]);
              tasks.push(one);
              await begin(one);
              break;
            }
            case 'event': {
              const id = `delivery_${String(open.length).padStart(26, '0')}` as DeliveryId;
              const offer = { id, hookId: 'hook', home: OBJECTS[0], correlation: step.key, output: step.output };
              open.push({ offer, key: step.key, done: false });
              await process(open[open.length - 1] as (typeof open)[number], step.crash);
              break;
            }
            case 'cancel':
              if (task !== undefined)
                await objects.get(task.object).execute([{ taskId: task.id, command: { type: 'cancel', actor: ACTOR } }]);
              break;
            case 'retry':
              if (task !== undefined) await retry(objects.get(task.object), task.id).then(() => begin(task));
              break;
            case 'match':
              await match(step.crash);
              break;
            case 'time':
              await time();
              break;
          }
          await settle();
        }
        // Then nothing fails any more, and all that is under way comes to its end.
        for (let round = 0; round < 12; round++) {
          await time();
          for (const event of open) if (!event.done) await process(event, 0);
          await match(0);
        }

        const ended = await Promise.all(tasks.map(async ({ id, object }) => (await objects.get(object).read([id]))[0]));
        const taken = (
          await Promise.all(
            tasks.map(async ({ id, object }) => ((await objects.get(object).events(id, 0)) ?? []).flatMap(eventThatCompleted)),
          )
        ).flat();
        expect(taken).toEqual([...new Set(taken)]);
        const states = await Promise.all(
          open.map(async ({ offer, key }) => (await objects.get(MEETINGS[key]).readOffer(offer.id))?.state.state),
        );
        for (const key of KEYS) {
          const waiting = tasks.filter((task, i) => task.key === key && ended[i]?.status === 'waiting').length;
          const early = open.filter((event, i) => event.key === key && states[i] === 'early').length;
          expect([key, Math.min(waiting, early)]).toEqual([key, 0]);
        }
        expect(states.filter((state) => state === 'matched')).toEqual([]);
        const completed = tasks.filter((_, i) => ended[i]?.status === 'completed').length;
        expect(completed).toBe(taken.length);
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});

/** The attempt fails and, retried at once, waits again with the next fence. */
async function retry(ledger: LedgerObject, taskId: TaskId): Promise<void> {
  const [task] = await ledger.read([taskId]);
  if (task?.status !== 'waiting' || task.wait === undefined) return;
  const outcome = { kind: 'failed', error: { code: 'x', message: '', retryable: true } } as const;
  await ledger.execute([{ taskId, command: { type: 'report', actor: ACTOR, fence: task.wait.fence, outcome, delayFraction: 0 } }]);
  await ledger.execute([{ taskId, command: { type: 'retry-now', actor: ACTOR } }]);
}

function eventThatCompleted({ change, reason }: { readonly change: { readonly type: string }; readonly reason?: string }): string[] {
  return change.type === 'task.completed' && reason !== undefined ? [reason] : [];
}

function keepCrash(fault: unknown): undefined {
  if (fault instanceof Crash || (fault instanceof Error && fault.message.startsWith('Every task'))) return undefined;
  throw fault;
}
