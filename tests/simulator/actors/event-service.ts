/** The service's own executors of tasks that carry events, over a catalog that is at hand. */
import type { Json } from '@errand/core/json';
import type { Objects } from '@errand/core/ledger-object';
import type { TaskError } from '@errand/core/task';
import type { Service } from '@errand/edge-worker/api/service';
import type { Hook } from '@errand/edge-worker/catalog/hooks';
import { createHookExecutor, createMatchExecutor } from '@errand/edge-worker/webhooks/event-executors';
import type { Executor } from '@errand/executors/executor';
import { START } from '../world/world.ts';
import { NAMESPACE, type Scene } from './scene.ts';

type CheckOutput = (
  task: { readonly priority: number },
  output: Json,
) => { readonly ok: true; readonly output: Json } | { readonly ok: false; readonly error: TaskError };

/** Performs `errand.hook` and `errand.match` for a process that reaches the objects by `objects`. */
export function createEventExecutors(
  { world, evidence }: Scene,
  objects: Objects,
  checkOutput: CheckOutput,
): { readonly hook: Executor; readonly match: Executor } {
  const service = {
    objects,
    namespaces: { find: async () => NAMESPACE },
    hooks: { find: async (id: string) => hookNamed(id) },
    types: {
      checkOutput: async (_namespace: string, _name: string, _version: number, output: Json) => {
        const checked = checkOutput({ priority: 1 }, output);
        return checked.ok ? checked : { ...checked, errors: [] };
      },
    },
    now: () => world.agenda.now,
    random: () => world.load.next(),
  } as unknown as Service;
  const seen = (executor: Executor): Executor => ({
    perform: (assignment, work) => {
      evidence.acts(assignment.task.id, assignment.task.fence);
      return executor.perform(assignment, work);
    },
  });
  return { hook: seen(createHookExecutor(service)), match: seen(createMatchExecutor(service)) };
}

/** Every hook says of every event which task it is for. */
function hookNamed(id: string): Hook {
  return {
    id,
    namespace: NAMESPACE.name,
    name: id,
    preset: 'standard-webhooks',
    options: {},
    on: [{ complete: { correlation: '${event.correlation}', output: '${event.output}' } }],
    createdAt: START,
  };
}
