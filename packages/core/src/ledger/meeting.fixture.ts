/** Tasks that wait for events, and events, for tests of how they meet. */
import type { DeliveryId, EventOffer } from '../hook-delivery.ts';
import type { TaskId } from '../id.ts';
import type { TaskSpec } from '../task.ts';
import type { Ledger } from './ledger.ts';
import { ask, begin, spec, submit } from './open-ledger.fixture.ts';

export const HOOK = { kind: 'hook', id: 'hook_1' } as const;
/** Where all events and tasks of these tests meet. */
export const MEETING = 'default/0/ledger/0';

/** A delivery's id and number, each time later ones. */
export const nextDelivery = countDeliveries();

function countDeliveries(): () => { readonly id: DeliveryId; readonly n: number } {
  let n = 0;
  return () => {
    n += 1;
    return { id: `delivery_${String(n).padStart(26, '0')}` as DeliveryId, n };
  };
}

/** A new event for whoever waits for `correlation`. */
export function offer(correlation: string): EventOffer {
  const { id, n } = nextDelivery();
  return { id, hookId: 'hook_1', home: MEETING, correlation, output: { n } };
}

/** A task that waits for an event by `correlation`. */
export async function waiting(
  ledger: Ledger,
  correlation: string,
  over: Partial<TaskSpec> = {},
): Promise<{ readonly id: TaskId; readonly fence: number }> {
  const { id } = await submit(ledger, spec({ kind: 'integration', ...over }));
  const fence = await begin(ledger, id);
  await wait(ledger, id, fence, correlation);
  return { id, fence };
}

/** The attempt `fence` begins to wait. */
export async function wait(ledger: Ledger, id: TaskId, fence: number, correlation: string): Promise<void> {
  const outcome = { kind: 'waiting', for: 'event', correlation, meeting: MEETING } as const;
  await ask(ledger, id, { type: 'report', actor: HOOK, fence, outcome, delayFraction: 0 });
}
