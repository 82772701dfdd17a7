/** Which executor performs a task: by its route, and the service's own tasks by their type. */
import { CALLBACK_TYPE } from '@errand/core/lifecycle/callback';
import { HOOK_TYPE, MATCH_TYPE } from '@errand/core/lifecycle/event-tasks';
import type { Task } from '@errand/core/task';
import type { Executor } from '@errand/executors/executor';
import { createCallbackExecutor } from '@errand/executors/integration/callback-executor';
import { createIntegrationExecutor } from '@errand/executors/integration/integration-executor';
import { meetingOf, objectOfTask } from './address.ts';
import type { Service } from './api/service.ts';
import { taskView } from './api/task-view.ts';
import type { Namespace } from './catalog/namespaces.ts';
import { mintToken } from './token.ts';
import { createHookExecutor, createMatchExecutor } from './webhooks/event-executors.ts';
import { signedHeaders } from './webhooks/standard-webhooks.ts';

/** Gives the executor of a task. `automated` is the one of handlers in code; the others are made here. */
export function createExecutors(service: Service, automated: Executor): (task: Task) => Executor {
  const integration = integrationOf(service);
  const system = new Map<string, Executor>([
    [CALLBACK_TYPE, callbackOf(service)],
    [HOOK_TYPE, createHookExecutor(service)],
    [MATCH_TYPE, createMatchExecutor(service)],
  ]);
  return (task) => {
    const own = task.system ? system.get(task.type) : undefined;
    return own ?? (task.route.executor === 'integration' ? integration : automated);
  };
}

function integrationOf(service: Service): Executor {
  const { types, connections, tokenKey, publicUrl, now } = service;
  return createIntegrationExecutor({
    requestOf: async ({ namespace, type, version }) => (await types.find(namespace, type, version))?.type.request,
    connectionOf: (namespace, name) => connections.open(namespace, name, now()),
    callbackUrl: ({ namespace, id }, fence) =>
      publicUrl === undefined
        ? undefined
        : `${publicUrl}/v1/callbacks/${mintToken(tokenKey, 'callback', { namespace, taskId: id, fence })}`,
    meetingOf: async ({ namespace }, correlation) => meetingOf(await namespaceOf(service, namespace), correlation),
    send: service.send,
    now,
  });
}

function callbackOf(service: Service): Executor {
  const { namespaces, objects, now } = service;
  return createCallbackExecutor({
    readTask: async (namespace, id) => {
      const object = objectOfTask(await namespaceOf(service, namespace), id);
      return object === undefined ? undefined : ((await objects.get(object).read([id]))[0] ?? undefined);
    },
    signingSecret: (namespace) => namespaces.signingSecret(namespace, now()),
    sign: signedHeaders,
    view: taskView,
    send: service.sendOnce,
    now,
  });
}

async function namespaceOf({ namespaces, now }: Service, name: string): Promise<Namespace> {
  const namespace = await namespaces.find(name, now());
  if (namespace === undefined) throw new Error(`The namespace ${name} is gone.`);
  return namespace;
}
