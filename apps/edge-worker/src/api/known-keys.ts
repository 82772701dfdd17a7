/**
 * Repetitions of what could not be accepted today. A key answers with the task that it made, whatever has become of the rest since: the
 * type may have a stricter version, or a callback's host may be closed. So where a body with a key is refused, the key is asked for
 * before the caller hears of it.
 */
import type { JsonObject } from '@errand/core/json';
import { homeOfKey, objectName, objectOfTask } from '../address.ts';
import { digestOf } from '../canonical-json.ts';
import type { Placed } from './place-task.ts';
import { Problem } from './problem.ts';
import type { Submitter } from './submit.ts';

/** A body that came with a key. */
export interface KeyedBody {
  readonly key: string;
  readonly body: JsonObject;
}

/** Says whether a fault is about what a body says, so that its key may still be known. */
export function isAboutContent(fault: unknown): boolean {
  return fault instanceof Problem && fault.status === 422;
}

/** The task that each key made from this very body, in order; `undefined` where there is none. */
export async function tasksMadeBefore(submitter: Submitter, asked: readonly KeyedBody[]): Promise<(Placed | undefined)[]> {
  const { service, namespace } = submitter;
  const made: (Placed | undefined)[] = asked.map(() => undefined);
  const all = asked.map((one, index) => ({ ...one, index }));
  const byHome = Map.groupBy(all, ({ key }) => objectName(namespace.name, homeOfKey(namespace, key)));
  await Promise.all(
    [...byHome].map(async ([home, group]) => {
      const known = await service.objects.get(home).tasksOfKeys(group.map(({ key }) => key));
      await Promise.all(
        group.map(async ({ body, index }, i) => {
          const keyed = known[i] ?? null;
          const object = keyed === null ? undefined : objectOfTask(namespace, keyed.taskId);
          if (keyed === null || object === undefined || keyed.digest !== digestOf(body)) return;
          const [task] = await service.objects.get(object).read([keyed.taskId]);
          if (task != null) made[index] = { object, task, replayed: true };
        }),
      );
    }),
  );
  return made;
}
