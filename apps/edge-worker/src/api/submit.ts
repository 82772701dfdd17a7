/** From a request's body to a command: names checked, options read, input validated, route chosen. */
import type { Actor } from '@errand/core/actor';
import type { TaskCommand } from '@errand/core/command';
import { mintTaskId, TASK_ID_RANDOM_BYTES, type Address } from '@errand/core/id';
import type { Json, JsonObject } from '@errand/core/json';
import type { Route, TaskSpec } from '@errand/core/task';
import { typeRef, type TaskType } from '@errand/core/task-type';
import { chooseRoute, type RouteDecision } from '@errand/router/choose-route';
import { homeOfKey, INBOX, ledgerNear, objectName } from '../address.ts';
import { digestOf } from '../canonical-json.ts';
import type { Namespace } from '../catalog/namespaces.ts';
import { actorOf } from './actor.ts';
import type { ApiRequest } from './api-request.ts';
import type { KeyedCall } from './endpoint.ts';
import { escapePointer } from './json-pointer.ts';
import { MAX_FAULTS, unknownMember } from './parse-body.ts';
import { Problem, type FieldError } from './problem.ts';
import { retryOver, timeoutsOver } from './retry-and-timeouts.ts';
import type { CheckedType, Service } from './service.ts';
import { readSubmissionOptions, type SubmissionOptions } from './submission-options.ts';
import { codeOf, findSubmittedType } from './submitted-type.ts';

const MEMBERS = new Set([
  'type',
  'version',
  'input',
  'priority',
  'scheduledFor',
  'ttl',
  'tags',
  'metadata',
  'retry',
  'timeouts',
  'callbackUrl',
]);

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

/** A body judged: what is wrong with it, and the route its task has or would have. */
export interface JudgedSubmission {
  readonly errors: readonly FieldError[];
  /** Present once the type is known. */
  readonly route?: Route;
}

/** The submitter behind a request. */
export function submitterOf({ service, namespace, caller, request }: KeyedCall<ApiRequest>): Submitter {
  const continent = (request.cf as { readonly continent?: string } | undefined)?.continent;
  return { service, namespace, actor: actorOf(caller), continent };
}

/** Turns a body into a submission, or throws the problem with every error found. Nothing is stored before it is right. */
export async function readSubmission(submitter: Submitter, body: JsonObject, key: string | undefined): Promise<Submission> {
  const read = await readParts(submitter, body);
  const { errors, parts } = read;
  if (parts === undefined || errors.length > 0)
    throw new Problem(422, codeOf(errors), 'The task was not accepted. Nothing was stored.', { errors: errors.slice(0, MAX_FAULTS) });
  const { type, options } = parts;
  const address = addressOf(submitter, type, key);
  const spec = specOf(submitter, address, parts, key);
  const object = objectName(submitter.namespace.name, address);
  const keyHome = key === undefined ? object : objectName(submitter.namespace.name, homeOfKey(submitter.namespace, key));
  const { scheduledFor } = options;
  return {
    object,
    ...(keyHome === object ? {} : { keyHome }),
    command: {
      taskId: spec.id,
      command: { type: 'submit', actor: submitter.actor, spec, ...(scheduledFor === undefined ? {} : { scheduledFor }) },
      ...(key === undefined ? {} : { idempotency: { key, digest: digestOf(body) } }),
    },
  };
}

/** Judges a body as {@link readSubmission} does, and makes nothing of it. */
export async function judgeSubmission(submitter: Submitter, body: JsonObject): Promise<JudgedSubmission> {
  const { errors, parts } = await readParts(submitter, body);
  return { errors: errors.slice(0, MAX_FAULTS), ...(parts === undefined ? {} : { route: parts.decision.route }) };
}

/** What a body says, as far as it is right. */
interface Parts {
  readonly type: TaskType;
  readonly input: Json;
  readonly options: SubmissionOptions;
  readonly tags: readonly string[];
  readonly decision: RouteDecision;
}

async function readParts(submitter: Submitter, body: JsonObject): Promise<{ errors: FieldError[]; parts: Parts | undefined }> {
  const { service, namespace } = submitter;
  const errors: FieldError[] = [];
  for (const member of Object.keys(body)) if (!MEMBERS.has(member)) errors.push(unknownMember(`#/${escapePointer(member)}`));
  const options = readSubmissionOptions(body, service, errors);
  const checked = await findSubmittedType(service, namespace.name, body, errors);
  const input = await readInput(body, checked, errors);
  if (checked === undefined) return { errors, parts: undefined };
  const { type } = checked;
  const tags = [...new Set([...type.tags, ...options.tags])];
  const decision = chooseRoute(await service.rules.inForce(namespace.name, service.now()), {
    namespace: namespace.name,
    type: type.name,
    version: type.version,
    kind: type.kind,
    tags,
    input,
    metadata: options.metadata,
    priority: options.priority,
    handler: type.handler ?? (service.handlers.has(typeRef(type)) ? typeRef(type) : undefined),
  });
  return { errors, parts: { type, input, options, tags, decision } };
}

/** The input with the type's defaults; as it came where it is not valid. */
async function readInput(body: JsonObject, checked: CheckedType | undefined, errors: FieldError[]): Promise<Json> {
  if (!Object.hasOwn(body, 'input')) errors.push({ pointer: '#/input', detail: 'is required', keyword: 'required' });
  const input = body['input'] ?? null;
  if (checked === undefined || !Object.hasOwn(body, 'input')) return input;
  const judged = await checked.checkInput(input);
  if (judged.ok) return judged.value;
  errors.push(...judged.errors);
  return input;
}

function specOf(
  submitter: Submitter,
  address: Address,
  { type, input, options, tags, decision }: Parts,
  key: string | undefined,
): TaskSpec {
  const { service, namespace } = submitter;
  const now = service.now();
  const spec: Writable<TaskSpec> = {
    id: mintTaskId(now, address, service.randomBytes(TASK_ID_RANDOM_BYTES)),
    namespace: namespace.name,
    type: type.name,
    version: type.version,
    kind: type.kind,
    input,
    priority: decision.priority,
    tags,
    metadata: options.metadata,
    retry: retryOver(type.retry, options.retry),
    timeouts: timeoutsOver(type.timeouts, options.timeouts),
    retentionMs: type.retentionMs,
    route: decision.route,
    system: false,
    createdAt: now,
  };
  if (options.ttlMs !== undefined) spec.ttlMs = options.ttlMs;
  if (options.callbackUrl !== undefined) spec.callbackUrl = options.callbackUrl;
  if (key !== undefined) spec.idempotencyKey = key;
  if (type.kind === 'manual') {
    if (type.candidates !== undefined) spec.candidates = type.candidates;
    // Due `dueIn` after it is offered: when it is submitted, or at the time it is scheduled for.
    if (type.dueInMs !== undefined) spec.dueAt = Math.max(options.scheduledFor ?? now, now) + type.dueInMs;
  }
  return spec;
}

type Writable<T> = { -readonly [Member in keyof T]: T[Member] };

/** Manual tasks are born in the inbox, keyed ones in their key's home, others near the caller. */
function addressOf({ service, namespace, continent }: Submitter, type: TaskType, key: string | undefined): Address {
  if (type.kind === 'manual') return INBOX;
  return key === undefined ? ledgerNear(namespace, continent, service.random()) : homeOfKey(namespace, key);
}
