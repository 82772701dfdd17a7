import { z } from '@hono/zod-openapi';
import type { Json, JsonObject } from '@errand/core/json';
import type { Task, TaskOptions } from '@errand/core/task';
import { DEFAULT_PRIORITY } from '@errand/router/choose-route';
import { addressed, ask, notFound } from '../addressed.ts';
import { defineEndpoint, type KeyedCall } from '../endpoint.ts';
import { mergePatch } from '../merge-patch.ts';
import { invalid } from '../parse-body.ts';
import { Problem, type FieldError } from '../problem.ts';
import { RetrySchema, retryOver, retryView, TimeoutsSchema, timeoutsOver, timeoutsView } from '../retry-and-timeouts.ts';
import { answers, byId, TaskSchema } from '../schemas.ts';
import { readSubmissionOptions } from '../submission-options.ts';
import { taskResponse } from '../task-response.ts';
import { readVerb } from '../verb-request.ts';

const MEMBERS = ['retry', 'timeouts', 'priority', 'tags', 'metadata'] as const;
const PatchSchema = z.object({
  retry: RetrySchema.nullable().optional(),
  timeouts: TimeoutsSchema.nullable().optional(),
  priority: z.int().min(1).max(5).nullable().optional(),
  tags: z.array(z.string()).nullable().optional(),
  metadata: z.record(z.string(), z.any()).nullable().optional(),
  reason: z.string().optional(),
});

/** Changes the options of an open task; a running attempt goes on under those it began with. */
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
    if (!call.request.headers.has('if-match'))
      throw new Problem(
        428,
        'if_match_required',
        'Send the ETag of the task you read as "If-Match", so that no change of another is lost.',
      );
    const { body, asked } = await readVerb(call, MEMBERS);
    const task = (await target.ledger.read([target.id]))[0] ?? null;
    if (task === null) throw notFound();
    const options = await readOptions(call, task, body);
    // The patch was applied to what was read, so it holds for that revision alone.
    return taskResponse(await ask(target, { type: 'update', options, ifRevision: task.revision, ...asked }), 200);
  },
});

/** The options that the patch leaves, those it names; what is wrong is pointed at where the patch has it. */
async function readOptions({ service }: KeyedCall, task: Task, patch: JsonObject): Promise<TaskOptions> {
  const type = (await service.types.find(task.namespace, task.type, task.version))?.type;
  const current: Record<string, Json> = {
    priority: task.priority,
    tags: task.tags,
    metadata: task.metadata,
    retry: retryView(task.retry) as JsonObject,
    timeouts: timeoutsView(task.timeouts),
  };
  const defaults: Record<string, Json> = {
    priority: DEFAULT_PRIORITY,
    tags: type?.tags ?? [],
    metadata: {},
    retry: retryView(type?.retry ?? task.retry) as JsonObject,
    timeouts: timeoutsView(type?.timeouts ?? task.timeouts),
  };
  const patched = Object.fromEntries(
    MEMBERS.flatMap((member): [string, Json][] => {
      const change = patch[member];
      if (change === undefined) return [];
      return [[member, (change === null ? defaults[member] : mergePatch(current[member], change)) ?? null]];
    }),
  );
  const errors: FieldError[] = [];
  const { priority, tags, metadata, retry, timeouts } = readSubmissionOptions(patched, service.now(), errors);
  const bounds = timeoutsOver({}, timeouts);
  if (
    errors.length === 0 &&
    patched['timeouts'] !== undefined &&
    bounds.startToCloseMs === undefined &&
    bounds.scheduleToCloseMs === undefined
  )
    errors.push({ pointer: '#/timeouts', detail: 'must leave startToClose or scheduleToClose: nothing may run for ever' });
  if (errors.length > 0) throw invalid('The options were not accepted. Nothing was changed.', errors);
  return {
    ...(priority === undefined ? {} : { priority }),
    ...(patched['tags'] === undefined ? {} : { tags }),
    ...(patched['metadata'] === undefined ? {} : { metadata }),
    ...(patched['retry'] === undefined ? {} : { retry: retryOver(type?.retry ?? task.retry, retry) }),
    ...(patched['timeouts'] === undefined ? {} : { timeouts: bounds }),
  };
}
