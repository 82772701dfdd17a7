/**
 * Brings an event to the task that waits for it. The meeting (`core/ledger/meeting.ts`) names one waiting task at a time; the event's
 * output is checked by that task's type, as every output is, and the task's ledger has the last word. A try that broke off can be made
 * again: the meeting remembers which task it named, and the task's events say whether this event has finished it.
 */
import { leaseLost } from '@errand/core/lifecycle/decide-attempt';
import type { DeliveryResult, EventOffer, EventsObject, EventWaiter, OfferResult, OfferState } from '@errand/core/hook-delivery';
import type { Task, TaskError } from '@errand/core/task';
import type { Service } from '../api/service.ts';

/** Tasks tried in one call. A second one is tried only when the first stopped waiting just now. */
const MAX_TASKS = 20;

/**
 * Brings an event from the state `first` to its end, and says what came of it. Throws after {@link MAX_TASKS}, so that the attempt is
 * retried.
 */
export async function bringEvent(service: Service, meeting: EventsObject, offer: EventOffer, first: OfferState): Promise<DeliveryResult> {
  let state = first;
  let refusal: { readonly taskId: Task['id']; readonly error: TaskError } | undefined;
  for (let tasks = 0; tasks < MAX_TASKS; tasks++) {
    if (state.state === 'early') return { outcome: 'early' };
    if (state.state === 'done') return resultOf(state.taskId, refusal);
    const { waiter } = state;
    const told = await tellTask(service, offer, waiter);
    if (told.error !== undefined) refusal = { taskId: waiter.taskId, error: told.error };
    state = await meeting.settleOffer(offer.id, waiter, told.result);
  }
  throw new Error('Every task that waited for the event has just stopped waiting.');
}

function resultOf(taskId: Task['id'] | undefined, refusal: { taskId: Task['id']; error: TaskError } | undefined): DeliveryResult {
  if (taskId !== undefined) return { outcome: 'completed', taskId };
  const error = refusal?.error ?? { code: 'output_invalid', message: 'The output did not fit the type of the task.', retryable: false };
  return { outcome: 'failed', error, ...(refusal === undefined ? {} : { taskId: refusal.taskId }) };
}

async function tellTask(
  service: Service,
  offer: EventOffer,
  { taskId, fence, object }: EventWaiter,
): Promise<{ readonly result: OfferResult; readonly error?: TaskError }> {
  const ledger = service.objects.get(object);
  const [task] = await ledger.read([taskId]);
  if (task === null || task === undefined) return { result: 'gone' };
  if (leaseLost(task, fence) !== undefined) return { result: await endedBy(service, offer, task, object) };
  const checked = await service.types.checkOutput(task.namespace, task.type, task.version, offer.output);
  if (!checked.ok) return { result: 'refused', error: checked.error };
  const [answer] = await ledger.execute([
    {
      taskId,
      command: {
        type: 'report',
        actor: { kind: 'hook', id: offer.hookId },
        reason: offer.id,
        fence,
        outcome: { kind: 'completed', output: checked.output },
        delayFraction: service.random(),
      },
    },
  ]);
  if (answer === undefined) throw new Error('A ledger gave no answer.');
  return { result: answer.ok ? 'took' : await endedBy(service, offer, task, object) };
}

/** Why a task no longer waits. An earlier try may have told it this event and lost the answer: the task's events say so. */
async function endedBy({ objects }: Service, offer: EventOffer, { id }: Task, object: string): Promise<OfferResult> {
  const events = (await objects.get(object).events(id, 0)) ?? [];
  const taken = events.some(
    ({ actor, reason, change }) => actor.kind === 'hook' && reason === offer.id && change.type !== 'task.result_refused',
  );
  return taken ? 'took' : 'gone';
}
