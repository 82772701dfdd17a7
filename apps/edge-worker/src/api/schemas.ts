/** Shapes that the OpenAPI document names. They document; task data is never parsed by them. */
import { z } from '@hono/zod-openapi';

const time = z.iso.datetime();
const json = z.any();

export const FieldErrorSchema = z.object({ pointer: z.string(), detail: z.string(), keyword: z.string().optional() });

/** Where a task goes, and why. */
export const RouteSchema = z.object({ executor: z.string(), lane: z.string(), rule: z.string(), reason: z.string() });

export const ProblemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    errors: z.array(FieldErrorSchema).optional(),
    traceId: z.string(),
  })
  .openapi('Problem');

const ErrorSchema = z
  .object({ code: z.string(), message: z.string(), retryable: z.boolean(), details: json.optional() })
  .openapi('TaskError');

export const TaskSchema = z
  .object({
    id: z.string(),
    namespace: z.string(),
    type: z.string(),
    version: z.int(),
    kind: z.enum(['automated', 'manual', 'integration']),
    status: z.string(),
    input: json,
    output: json.optional(),
    error: ErrorSchema.optional(),
    priority: z.int(),
    tags: z.array(z.string()),
    metadata: z.record(z.string(), json),
    attempt: z.int(),
    generation: z.int(),
    revision: z.int(),
    createdAt: time,
    updatedAt: time,
    scheduledFor: time.optional(),
    startedAt: time.optional(),
    endedAt: time.optional(),
    wakeAt: time.optional(),
    retry: z.record(z.string(), json).optional(),
    timeouts: z.record(z.string(), z.string()).optional(),
    route: z.object({ executor: z.string(), lane: z.string(), rule: z.string() }),
    manual: z
      .object({
        state: z.string(),
        holder: z.object({ id: z.string(), name: z.string().optional() }).nullable(),
        heldSince: time.optional(),
        candidates: z.object({ users: z.array(z.string()), groups: z.array(z.string()) }),
        dueAt: time.optional(),
      })
      .optional(),
  })
  .openapi('Task');

export const EventSchema = z
  .object({
    sequence: z.int(),
    type: z.string(),
    at: time,
    actor: z.object({ kind: z.string(), id: z.string() }),
    reason: z.string().optional(),
    data: z.record(z.string(), json),
  })
  .openapi('Event');

export const AttemptSchema = z
  .object({
    number: z.int(),
    generation: z.int(),
    worker: z.string(),
    startedAt: time,
    endedAt: time.optional(),
    outcome: z.enum(['running', 'waiting', 'completed', 'failed', 'timed_out', 'lost', 'canceled']),
    error: ErrorSchema.optional(),
    logs: z.array(z.object({ at: time, level: z.string(), message: z.string() })),
    checkpoint: json.optional(),
  })
  .openapi('Attempt');

/** What a caller submits. */
export const SubmissionSchema = z
  .object({
    type: z.string(),
    version: z.int().optional(),
    input: json,
    priority: z.int().min(1).max(5).default(3),
    scheduledFor: time.optional(),
    ttl: z.string().optional().openapi({ example: 'PT30S' }),
    tags: z.array(z.string()).optional(),
    metadata: z.record(z.string(), json).optional(),
    callbackUrl: z.url().optional(),
    retry: z.record(z.string(), json).optional(),
    timeouts: z.record(z.string(), z.string()).optional(),
  })
  .openapi('Submission');

/** A page of a list. */
export function pageOf(item: z.ZodType): z.ZodType {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** The `responses` of an endpoint's docs: one good answer, and problems for everything else. */
export function answers(status: number, description: string, schema?: z.ZodType) {
  return {
    [status]: { description, ...(schema === undefined ? {} : { content: { 'application/json': { schema } } }) },
    default: { description: 'A problem', content: { 'application/problem+json': { schema: ProblemSchema } } },
  };
}

/** The `request` of an endpoint whose path names one thing by its id. */
export const byId = { params: z.object({ id: z.string() }) };

/** A JSON body in an endpoint's docs. */
export function body(schema: z.ZodType) {
  return { body: { content: { 'application/json': { schema } } } };
}
