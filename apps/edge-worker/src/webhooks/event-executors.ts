/** The executors of the tasks that carry events: `errand.hook` processes a delivery, `errand.match` brings an early event. */
import { Buffer } from 'node:buffer';
import { ExpressionFault } from '@errand/core/expression';
import type { DeliveryId, DeliveryResult, EventOffer, KeptDelivery } from '@errand/core/hook-delivery';
import type { Json, JsonObject } from '@errand/core/json';
import { exceedsDepth } from '@errand/core/json-depth';
import type { Task } from '@errand/core/task';
import type { Executor } from '@errand/executors/executor';
import { meetingOf, objectOfTask } from '../address.ts';
import { placeTask } from '../api/place-task.ts';
import { Problem } from '../api/problem.ts';
import { MAX_DEPTH, MAX_TASK_BYTES, writtenBytes } from '../api/read-body.ts';
import type { Service } from '../api/service.ts';
import { readSubmission } from '../api/submit.ts';
import { BoundedCache } from '../bounded-cache.ts';
import type { Hook } from '../catalog/hooks.ts';
import type { Namespace } from '../catalog/namespaces.ts';
import { bringEvent } from './bring-event.ts';
import { chooseAction, compileHookRules, type HookAction } from './hook-rules.ts';

/** An event's output has at most this many bytes as JSON, like every output. */
const MAX_OUTPUT_BYTES = 1_048_576;
/** Errors of a refused task that are kept with the delivery. */
const MAX_ERRORS = 20;
const MAX_HOOKS_COMPILED = 500;

type CompiledRules = ReturnType<typeof compileHookRules>;

/** The executor of `errand.hook`: parses the event of one delivery, and does what the hook's rules say. */
export function createHookExecutor(service: Service): Executor {
  // A hook never changes, so its rules are compiled once.
  const rules = new BoundedCache<CompiledRules>(MAX_HOOKS_COMPILED);
  const rulesOf = (hook: Hook): CompiledRules => {
    const known = rules.get(hook.id);
    if (known !== undefined) return known;
    const compiled = compileHookRules(hook.on);
    rules.set(hook.id, compiled, 1);
    return compiled;
  };
  return {
    async perform({ task }) {
      const { hookId, deliveryId } = task.input as { readonly hookId: string; readonly deliveryId: DeliveryId };
      const { namespace, object } = await placeOf(service, task);
      const home = service.objects.get(object);
      const delivery = await home.readDelivery(deliveryId);
      if (delivery === null || delivery.outcome !== 'processing')
        return { kind: 'completed', output: { outcome: delivery?.outcome ?? 'gone' } };
      const hook = await service.hooks.find(hookId, service.now());
      const result =
        hook === undefined
          ? failed('hook_not_found', 'The hook was deleted.')
          : await act(service, namespace, object, hook, delivery.id, actionOf(rulesOf(hook), delivery));
      await home.settleDelivery(deliveryId, result);
      return { kind: 'completed', output: { outcome: result.outcome } };
    },
  };
}

/** The executor of `errand.match`: brings an event that came early to the task that has begun to wait for it. */
export function createMatchExecutor(service: Service): Executor {
  return {
    async perform({ task }) {
      const { deliveryId } = task.input as { readonly deliveryId: DeliveryId };
      const { object } = await placeOf(service, task);
      const meeting = service.objects.get(object);
      const kept = await meeting.readOffer(deliveryId);
      if (kept === null) return { kind: 'completed', output: { outcome: 'gone' } };
      const result = await bringEvent(service, meeting, kept.offer, kept.state);
      if (result.outcome !== 'early') await service.objects.get(kept.offer.home).settleDelivery(deliveryId, result);
      return { kind: 'completed', output: { outcome: result.outcome } };
    },
  };
}

/** Does what an action says. What is wrong with the delivery is a result; a fault of the service is thrown, so that the task is retried. */
async function act(
  service: Service,
  namespace: Namespace,
  home: string,
  hook: Hook,
  id: DeliveryId,
  action: HookAction | DeliveryResult,
): Promise<DeliveryResult> {
  if ('outcome' in action) return action;
  switch (action.kind) {
    case 'ignore':
      return action.faults.length === 0
        ? { outcome: 'ignored' }
        : { ...failed('template_invalid', `No rule applied; some could not be judged: ${action.faults.join('; ')}`), outcome: 'ignored' };
    case 'submit':
      return submit(service, namespace, hook, id, action.task);
    case 'complete': {
      if (writtenBytes(action.output) > MAX_OUTPUT_BYTES)
        return failed('payload_too_large', `The output would have more than ${MAX_OUTPUT_BYTES} bytes.`);
      const { correlation, output } = action;
      const offer: EventOffer = { id, hookId: hook.id, home, correlation, output };
      const meeting = service.objects.get(meetingOf(namespace, correlation));
      return bringEvent(service, meeting, offer, await meeting.offerEvent(offer));
    }
  }
}

/** Submits the task of a delivery. The delivery's id is its idempotency key: however often it is processed, it creates one task. */
async function submit(service: Service, namespace: Namespace, hook: Hook, id: DeliveryId, body: JsonObject): Promise<DeliveryResult> {
  if (writtenBytes(body) > MAX_TASK_BYTES) return failed('payload_too_large', `The task would have more than ${MAX_TASK_BYTES} bytes.`);
  const submitter = { service, namespace, actor: { kind: 'hook', id: hook.id }, continent: undefined } as const;
  try {
    const { task } = await placeTask(service, await readSubmission(submitter, body, `hook:${id}`));
    return { outcome: 'submitted', taskId: task.id };
  } catch (fault) {
    if (!(fault instanceof Problem) || fault.status >= 500 || fault.status === 429) throw fault;
    const errors = (fault.options.errors ?? []).slice(0, MAX_ERRORS).map(({ pointer, detail }) => ({ pointer, detail }));
    return failed(fault.code, fault.message, errors.length === 0 ? undefined : errors);
  }
}

/** The action for a delivery, or why there is none. */
function actionOf(compiled: CompiledRules, delivery: KeptDelivery): HookAction | DeliveryResult {
  const event = eventOf(delivery);
  if (event === undefined) return failed('malformed', `The body is no JSON of at most ${MAX_DEPTH} levels.`);
  if (!compiled.ok) return failed('template_invalid', compiled.faults.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; '));
  try {
    return chooseAction(compiled.rules, { event, headers: delivery.headers });
  } catch (fault) {
    if (fault instanceof ExpressionFault) return failed('template_invalid', fault.message);
    throw fault;
  }
}

function eventOf({ body, encoding }: KeptDelivery): Json | undefined {
  const text = encoding === 'utf8' ? body : Buffer.from(body, 'base64').toString('utf8');
  if (exceedsDepth(text, MAX_DEPTH)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

async function placeOf(service: Service, task: Task): Promise<{ readonly namespace: Namespace; readonly object: string }> {
  const namespace = await service.namespaces.find(task.namespace, service.now());
  const object = namespace === undefined ? undefined : objectOfTask(namespace, task.id);
  if (namespace === undefined || object === undefined) throw new Error(`The namespace ${task.namespace} is gone.`);
  return { namespace, object };
}

function failed(code: string, message: string, details?: Json): DeliveryResult {
  return { outcome: 'failed', error: { code, message, retryable: false, ...(details === undefined ? {} : { details }) } };
}
