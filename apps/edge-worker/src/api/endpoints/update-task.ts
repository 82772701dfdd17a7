import { z } from '@hono/zod-openapi';
import { isJsonObject, type Json, type JsonObject } from '@errand/core/json';
import type { Task, TaskOptions } from '@errand/core/task';
import { DEFAULT_PRIORITY } from '@errand/router/choose-route';
import { addressed, ask, currentTask } from '../addressed.ts';
import { defineEndpoint, type KeyedCall } from '../endpoint.ts';
import { tagsIn } from '../entity-tags.ts';
import { mergePatch } from '../merge-patch.ts';
import { Problem, type FieldError } from '../problem.ts';
import { answers, byId, TaskSchema } from '../schemas.ts';
import { fitsMetadata, fitsPriority, fitsTags, METADATA_RULE, PRIORITY_RULE, TAGS_RULE } from '../option-rules.ts';
import { readRetry, readTimeouts, retryView, timeoutsView } from '../retry-and-timeouts.ts';
import { taskAnswer } from '../task-answer.ts';
import { readVerb } from '../verb-request.ts';

const MEMBERS = ['retry', 'timeouts', 'priority', 'tags', 'metadata'] as const;
const PatchSchema = z.object({
  retry: z.record(z.string(), z.any()).nullable().optional(),
  timeouts: z.record(z.string(), z.string().nullable()).nullable().optional(),
  priority: z.int().min(1).max(5).nullable().optional(),
  tags: z.array(z.string()).nullable().optional(),
  metadata: z.record(z.string(), z.any()).nullable().optional(),
  reason: z.string().optional(),
});

/**
 * Changes the options of an open task. They hold at once: a running attempt is bounded by the new timeouts, and retried by the new
 * policy.
 */
export const updateTask = defineEndpoint({
  method: 'patch',
  path: '/v1/tasks/{id}',
  scope: 'tasks:operate',
  docs: {
    summary: 'Change the options of a task',
    description:
      'A JSON Merge Patch: what is left out stays, `null` goes back to the default of the type. `If-Match` is demanded: 428 without it.',
    tags: ['Tasks'],
    request: { ...byId, body: { content: { 'application/merge-patch+json': { schema: PatchSchema } } } },
    responses: answers(200, 'The task', TaskSchema),
  },
  async handle(call) {
    const target = addressed(call);
    if (tagsIn(call.request.headers.get('if-match')) === undefined)
      throw new Problem(
        428,
        'if_match_required',
        'Send the ETag of the task you read as "If-Match", so that no change of another is lost.',
      );
    const { body, asked } = await readVerb(call, MEMBERS);
    const task = await currentTask(target);
    const options = await readOptions(call, task, body);
    // The patch was applied to this revision: should the task change before the command reaches it, it is 412.
    return taskAnswer(await ask(target, { type: 'update', options, ifRevision: task.revision, ...asked }), 200);
  },
});

async function readOptions({ service }: KeyedCall, task: Task, body: JsonObject): Promise<TaskOptions> {
  const errors: FieldError[] = [];
  const type = (await service.types.find(task.namespace, task.type, task.version))?.type;
  const patched = (member: (typeof MEMBERS)[number], current: Json, fallback: Json): Json | undefined => {
    const patch = body[member];
    if (patch === undefined) return undefined;
    return patch === null ? fallback : mergePatch(current, patch);
  };
  const check = (member: string, fits: boolean, detail: string): void => {
    if (!fits) errors.push({ pointer: `#/${member}`, detail });
  };
  const priority = patched('priority', task.priority, DEFAULT_PRIORITY);
  const tags = patched('tags', task.tags, type?.tags ?? []);
  const metadata = patched('metadata', task.metadata, {});
  const usualRetry = retryView(type?.retry ?? task.retry);
  const retry = withDefaults(patched('retry', retryView(task.retry), usualRetry), usualRetry);
  const timeouts = patched('timeouts', timeoutsView(task.timeouts), timeoutsView(type?.timeouts ?? task.timeouts));
  if (priority !== undefined) check('priority', fitsPriority(priority), PRIORITY_RULE);
  if (tags !== undefined) check('tags', fitsTags(tags), TAGS_RULE);
  if (metadata !== undefined) check('metadata', fitsMetadata(metadata), METADATA_RULE);
  const policy = retry === undefined ? undefined : readRetry(retry, errors);
  const bounds = timeouts === undefined ? undefined : readTimeouts(timeouts, errors);
  if (errors.length > 0) throw new Problem(422, 'input_invalid', 'The options were not accepted. Nothing was changed.', { errors });
  return {
    ...(priority === undefined ? {} : { priority: priority as number }),
    ...(tags === undefined ? {} : { tags: tags as readonly string[] }),
    ...(metadata === undefined ? {} : { metadata: metadata as JsonObject }),
    ...(policy === undefined ? {} : { retry: policy }),
    ...(bounds === undefined ? {} : { timeouts: bounds }),
  };
}

/** A policy has every member: one that the patch removed is the default again. */
function withDefaults(patched: Json | undefined, defaults: JsonObject): Json | undefined {
  return isJsonObject(patched) ? { ...defaults, ...patched } : patched;
}
