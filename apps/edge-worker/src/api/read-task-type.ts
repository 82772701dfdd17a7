/** From a body to a task type: every fault at once, defaults filled in, schemas and templates compiled. */
import { z } from '@hono/zod-openapi';
import type { JsonObject } from '@errand/core/json';
import { DEFAULT_RETENTION_MS, DEFAULT_RETRY, defaultTimeouts } from '@errand/core/task-type-defaults';
import type { TaskType } from '@errand/core/task-type';
import type { CompileCache } from '@errand/core/validator/compile-cache';
import { duration, json, text, texts } from './fields.ts';
import { parseField } from './parse-body.ts';
import type { FieldError } from './problem.ts';
import { RequestSchema, requestOf } from './request-template-field.ts';
import { RetrySchema, retryOver, TimeoutsSchema, timeoutsOver } from './retry-and-timeouts.ts';

/** Names of the service's own types begin like this. */
const OWN_PREFIX = 'errand.';
const NAME = /^[A-Za-z][A-Za-z0-9]*(?:[._-][A-Za-z0-9]+)*$/;
const MAX_NAME = 100;
const MAX_VERSION = 2_147_483_647;

const schema = json.refine(
  (value) => typeof value === 'boolean' || (typeof value === 'object' && value !== null && !Array.isArray(value)),
  {
    message: 'must be a JSON Schema: an object, true or false',
  },
);

/** A task type as clients write it. Members that its kind has no use for are kept and have no effect. */
export const TaskTypeBody = z
  .strictObject({
    name: text(MAX_NAME)
      .regex(NAME, 'must be words of letters and digits, joined by ".", "-" or "_", such as "payment.capture"')
      .refine((name) => !name.startsWith(OWN_PREFIX), `must not begin with "${OWN_PREFIX}": those are the types of the service itself`),
    version: z.int().min(1).max(MAX_VERSION),
    kind: z.enum(['automated', 'manual', 'integration']),
    inputSchema: schema.default({}),
    outputSchema: schema.default({}),
    retry: RetrySchema.default({}),
    timeouts: TimeoutsSchema.default({}),
    onInvalidOutput: z.enum(['retry', 'fail']).default('retry'),
    retention: duration.optional(),
    tags: texts(32, 128).default([]),
    title: text(200).optional(),
    description: text(10_000).optional(),
    handler: text(MAX_NAME + 12).optional(),
    candidates: z.strictObject({ users: texts(200, 200).default([]), groups: texts(200, 200).default([]) }).optional(),
    dueIn: duration.optional(),
    request: RequestSchema.optional(),
  })
  .openapi('TaskTypeBody');

export interface KnownParts {
  readonly schemas: Pick<CompileCache, 'compile'>;
  readonly handlers: ReadonlySet<string>;
}

export type ReadTaskType = { readonly ok: true; readonly type: TaskType } | { readonly ok: false; readonly errors: readonly FieldError[] };

/** Reads a body; pointers of the errors lead into it. */
export function readTaskType(body: JsonObject, known: KnownParts): ReadTaskType {
  const errors: FieldError[] = [];
  const read = parseField(TaskTypeBody, body, '#', errors);
  errors.push(...schemaFaults(body, 'inputSchema', known), ...schemaFaults(body, 'outputSchema', known), ...handlerFaults(body, known));
  if (body['kind'] === 'integration' && body['request'] === undefined)
    errors.push({ pointer: '#/request', detail: 'is required for an integration type', keyword: 'required' });
  return read === undefined || errors.length > 0 ? { ok: false, errors } : { ok: true, type: typeOf(read) };
}

function schemaFaults(body: JsonObject, member: 'inputSchema' | 'outputSchema', { schemas }: KnownParts): FieldError[] {
  const written = body[member];
  if (typeof written !== 'boolean' && (typeof written !== 'object' || written === null || Array.isArray(written))) return [];
  const compiled = schemas.compile(written);
  if (compiled.ok) return [];
  return compiled.faults.map(({ pointer, detail, keyword }) => ({
    pointer: `#/${member}${pointer}`,
    detail,
    ...(keyword === undefined || keyword === '' ? {} : { keyword }),
  }));
}

function handlerFaults({ handler }: JsonObject, { handlers }: KnownParts): FieldError[] {
  if (typeof handler !== 'string' || handler === '' || handlers.has(handler)) return [];
  return [{ pointer: '#/handler', detail: `is no handler of this deployment, which has ${[...handlers].sort().join(', ') || 'none'}` }];
}

function typeOf(read: z.output<typeof TaskTypeBody>): TaskType {
  const { retry, timeouts, retention, title, description, handler, candidates, dueIn, request, ...rest } = read;
  return {
    ...rest,
    retry: retryOver(DEFAULT_RETRY, retry),
    timeouts: timeoutsOver(defaultTimeouts(read.kind), timeouts),
    retentionMs: retention ?? DEFAULT_RETENTION_MS,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(handler === undefined ? {} : { handler }),
    ...(candidates === undefined ? {} : { candidates }),
    ...(dueIn === undefined ? {} : { dueInMs: dueIn }),
    ...(request === undefined ? {} : { request: requestOf(request) }),
  };
}
