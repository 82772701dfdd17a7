/** From a request's body to a command: names checked, options read, input validated, route chosen. */
import { createHash } from 'node:crypto';
import { parseDuration } from '@errand/core/duration';
import { mintTaskId, TASK_ID_RANDOM_BYTES, type Address } from '@errand/core/id';
import { isJsonObject, type JsonObject } from '@errand/core/json';
import type { TaskCommand } from '@errand/core/command';
import type { TaskSpec } from '@errand/core/task';
import { homeOfKey, INBOX, ledgerNear, objectName } from '../address.ts';
import type { Namespace } from '../catalog/namespaces.ts';
import type { Actor } from '@errand/core/actor';
import type { KeyedCall } from './endpoint.ts';
import { Problem, type FieldError } from './problem.ts';
import type { CheckedType, Service } from './service.ts';
import { actorOf } from './actor.ts';
import { escapePointer } from './verb-request.ts';

const MEMBERS = new Set(['type', 'version', 'input', 'priority', 'scheduledFor', 'ttl', 'tags', 'metadata']);
const MAX_TAGS = 32;
const MAX_TAG_LENGTH = 128;

/** On whose behalf a task is submitted: a caller with a key, or a hook. */
export interface Submitter {
  readonly service: Service;
  readonly namespace: Namespace;
  readonly actor: Actor;
  /** The caller's continent, where the platform tells. */
  readonly continent: string | undefined;
}

export interface Submission {
  /** The object that will keep the task. */
  readonly object: string;
  readonly command: TaskCommand;
  /** Where the idempotency key lives, when that is not `object`: it is reserved there first. */
  readonly keyHome?: string;
}

/** The submitter behind a request. */
export function submitterOf({ service, namespace, caller, request }: KeyedCall): Submitter {
  const continent = (request.cf as { readonly continent?: string } | undefined)?.continent;
  return { service, namespace, actor: actorOf(caller), continent };
}

/** Turns a body into a submission, or throws the problem with every error found. Nothing is stored before it is right. */
export async function readSubmission(submitter: Submitter, body: JsonObject, key: string | undefined): Promise<Submission> {
  const errors: FieldError[] = Object.keys(body)
    .filter((member) => !MEMBERS.has(member))
    .map((member) => ({ pointer: `#/${escapePointer(member)}`, detail: 'is not a member of a task', keyword: 'additionalProperties' }));
  const options = readOptions(body, submitter.service.now(), errors);
  const checked = await findType(submitter, body, errors);
  if (!Object.hasOwn(body, 'input')) errors.push({ pointer: '#/input', detail: 'is required', keyword: 'required' });
  else if (checked !== undefined) errors.push(...(await checked.checkInput(body['input'] ?? null)));
  if (checked === undefined || errors.length > 0)
    throw new Problem(422, errorCode(errors), 'The task was not accepted. Nothing was stored.', { errors });
  const address = addressOf(submitter, checked, key);
  const spec = specOf(submitter, address, body, checked, options, key);
  const object = objectName(submitter.namespace.name, address);
  const keyHome = key === undefined ? object : objectName(submitter.namespace.name, homeOfKey(submitter.namespace, key));
  return {
    object,
    ...(keyHome === object ? {} : { keyHome }),
    command: {
      taskId: spec.id,
      command: {
        type: 'submit',
        actor: submitter.actor,
        spec,
        ...(options.scheduledFor === undefined ? {} : { scheduledFor: options.scheduledFor }),
      },
      ...(key === undefined ? {} : { idempotency: { key, digest: digestOf(body) } }),
    },
  };
}

interface Options {
  readonly priority: number;
  readonly tags: readonly string[];
  readonly metadata: JsonObject;
  readonly scheduledFor: number | undefined;
  readonly ttlMs: number | undefined;
}

function readOptions(body: JsonObject, now: number, errors: FieldError[]): Options {
  const { priority = 3, tags = [], metadata = {}, ttl, scheduledFor } = body;
  const fail = (member: string, detail: string): void => {
    errors.push({ pointer: `#/${member}`, detail });
  };
  if (typeof priority !== 'number' || !Number.isInteger(priority) || priority < 1 || priority > 5)
    fail('priority', 'must be a whole number from 1 (first) to 5');
  const tagsFit =
    Array.isArray(tags) &&
    tags.length <= MAX_TAGS &&
    tags.every((tag) => typeof tag === 'string' && tag.length > 0 && tag.length <= MAX_TAG_LENGTH);
  if (!tagsFit) fail('tags', `must be at most ${MAX_TAGS} texts of 1 to ${MAX_TAG_LENGTH} characters`);
  if (!isJsonObject(metadata)) fail('metadata', 'must be an object');
  const ttlMs = typeof ttl === 'string' ? parseDuration(ttl) : undefined;
  if (ttl !== undefined && (ttlMs === undefined || ttlMs === 0))
    fail('ttl', 'must be an ISO 8601 duration above zero, without months or years, such as "PT30S"');
  const startAt = typeof scheduledFor === 'string' ? parseTime(scheduledFor) : undefined;
  if (scheduledFor !== undefined && (startAt === undefined || startAt > now + 3_650 * 86_400_000))
    fail('scheduledFor', 'must be an RFC 3339 time within ten years, such as "2030-01-01T09:00:00Z"');
  return {
    priority: priority as number,
    tags: tagsFit ? (tags as string[]) : [],
    metadata: metadata as JsonObject,
    scheduledFor: startAt,
    ttlMs,
  };
}

async function findType({ service, namespace }: Submitter, body: JsonObject, errors: FieldError[]): Promise<CheckedType | undefined> {
  const { type, version } = body;
  if (typeof type !== 'string') {
    errors.push({
      pointer: '#/type',
      detail: type === undefined ? 'is required' : 'must be a text',
      keyword: type === undefined ? 'required' : 'type',
    });
    return undefined;
  }
  if (version !== undefined && (typeof version !== 'number' || !Number.isInteger(version) || version < 1)) {
    errors.push({ pointer: '#/version', detail: 'must be a whole number from 1' });
    return undefined;
  }
  const checked = await service.types.find(namespace.name, type, version as number | undefined);
  if (checked === undefined)
    errors.push({
      pointer: version === undefined ? '#/type' : '#/version',
      detail: `there is no task type ${type}${version === undefined ? '' : `@${String(version)}`}`,
      keyword: 'unknown_type',
    });
  return checked;
}

function specOf(
  submitter: Submitter,
  address: Address,
  body: JsonObject,
  { type }: CheckedType,
  options: Options,
  key: string | undefined,
): TaskSpec {
  const { service, namespace } = submitter;
  const now = service.now();
  return {
    id: mintTaskId(now, address, service.randomBytes(TASK_ID_RANDOM_BYTES)),
    namespace: namespace.name,
    type: type.name,
    version: type.version,
    kind: type.kind,
    input: body['input'] ?? null,
    priority: options.priority,
    tags: [...new Set([...type.tags, ...options.tags])],
    metadata: options.metadata,
    retry: type.retry,
    timeouts: type.timeouts,
    ...(options.ttlMs === undefined ? {} : { ttlMs: options.ttlMs }),
    retentionMs: type.retentionMs,
    ...(type.candidates === undefined ? {} : { candidates: type.candidates }),
    ...(type.dueInMs === undefined ? {} : { dueAt: (options.scheduledFor ?? now) + type.dueInMs }),
    route: {
      executor: 'automated',
      lane: 'automated',
      rule: 'default',
      reason: 'Automated tasks with a handler in code go to the service.',
    },
    ...(key === undefined ? {} : { idempotencyKey: key }),
    system: false,
    createdAt: now,
  };
}

/** Manual tasks are born in the inbox, keyed ones in their key's home, others near the caller. */
function addressOf({ service, namespace, continent }: Submitter, { type }: CheckedType, key: string | undefined): Address {
  if (type.kind === 'manual') return INBOX;
  return key === undefined ? ledgerNear(namespace, continent, service.random()) : homeOfKey(namespace, key);
}

function errorCode(errors: readonly FieldError[]): string {
  return errors.some(({ keyword }) => keyword === 'unknown_type') ? 'unknown_type' : 'input_invalid';
}

function parseTime(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** The same content in another order of members is the same body. */
function digestOf(body: JsonObject): string {
  return createHash('sha256').update(canonical(body)).digest('base64url');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map((member) => `${JSON.stringify(member)}:${canonical(value[member])}`)
    .join(',')}}`;
}
