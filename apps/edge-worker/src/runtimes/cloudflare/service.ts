/** The service over Cloudflare's bindings. */
import { createAutomatedExecutor } from '@errand/executors/automated/automated-executor';
import type { TaskDefinition } from '@errand/executors/automated/define-task';
import type { Task } from '@errand/core/task';
import { coalesced } from '../../api/coalesce.ts';
import type { Service } from '../../api/service.ts';
import { Keys } from '../../catalog/keys.ts';
import { codeTypes } from '../../code-types.ts';
import type { PerformDeps } from '../../perform.ts';
import type { Bindings } from './bindings.ts';
import { createObjects, objectStub } from './objects.ts';

export interface CloudflareService extends Service {
  readonly performing: PerformDeps;
  touchObjects(): Promise<void>;
}

export function createCloudflareService(env: Bindings, definitions: readonly TaskDefinition[]): CloudflareService {
  const types = codeTypes(definitions);
  const typeOf = (task: Task) => types.find(task.namespace, task.type, task.version);
  const executor = createAutomatedExecutor({
    handlers: new Map(definitions.map((definition) => [`${definition.name}@${definition.version}`, definition])),
    handlerOf: async (task) => (await typeOf(task))?.type.handler,
    now: () => Date.now(),
  });
  return {
    objects: coalesced(createObjects(env)),
    db: env.CATALOG,
    keys: new Keys(env.CATALOG, env.ERRAND_KEK ?? ''),
    types,
    developmentKey: env.ERRAND_DEV_KEY,
    now: () => Date.now(),
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    performing: {
      ledger: (object) => objectStub(env, object),
      executor: () => executor,
      checkOutput: async (task, output) => (await typeOf(task))?.checkOutput(output) ?? [],
      onInvalidOutput: async (task) => (await typeOf(task))?.type.onInvalidOutput ?? 'retry',
      now: () => Date.now(),
      random: () => Math.random(),
    },
    touchObjects: () => objectStub(env, 'default/0/ledger/0').touch(),
  };
}
