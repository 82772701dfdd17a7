/**
 * Performs integration tasks: fills in the request of the task's type, sends it to the third party, and makes an outcome of the
 * answer.
 */
import { ExpressionFault, type Scope } from '@errand/core/expression';
import type { Json } from '@errand/core/json';
import type { Outcome } from '@errand/core/outcome';
import type { Assignment } from '@errand/core/assignment';
import type { RequestTemplate } from '@errand/core/task-type';
import type { Task } from '@errand/core/task';
import { MAX_OUTPUT_CHARACTERS, type Executor, type Work } from '../executor.ts';
import { failed } from '../failed.ts';
import { credentialOf, type Connection, type Credential } from './connection.ts';
import type { Outbound } from './outbound.ts';
import { redactor } from './redact.ts';
import { CALLBACK_URL_HEADER, IDEMPOTENCY_KEY_HEADER, renderRequest } from './render-request.ts';
import { compileRequest, type CompiledRequest } from './request-template.ts';
import { failureOfFault, failureOfStatus } from './upstream-outcome.ts';
import { readResponse, type UpstreamResponse } from './upstream-response.ts';

/** The longest call of a type that has no `startToClose`. */
const DEFAULT_TIMEOUT_MS = 60_000;
/** Characters of the key by which a hook's event names a waiting task. */
const MAX_CORRELATION_LENGTH = 512;
/** Compiled requests kept in memory; beyond it all are forgotten and compiled again when needed. */
const MAX_COMPILED = 1_000;

/** What the executor needs of the service. */
export interface IntegrationDeps {
  /** The request of a task's type. */
  readonly requestOf: (task: Task) => Promise<RequestTemplate | undefined>;
  /** The connection with its credential in clear text. Throws {@link CredentialFault} where that cannot be opened. */
  readonly connectionOf: (namespace: string, name: string) => Promise<Connection | undefined>;
  /** The URL that finishes the attempt `fence` of a task, once; `undefined` where the service's public URL is not set. */
  readonly callbackUrl: (task: Task, fence: number) => string | undefined;
  /** Name of the object where the task and the event with this correlation find each other. */
  readonly meetingOf: (task: Task, correlation: string) => Promise<string>;
  readonly send: Outbound;
  readonly now: () => number;
}

/** A stored credential could not be opened: the service runs under another key, or the row was altered. */
export class CredentialFault extends Error {
  override readonly name = 'CredentialFault';
}

/** An executor of integration tasks. It keeps compiled requests by `name@version`, which never changes. */
export function createIntegrationExecutor(deps: IntegrationDeps): Executor {
  const compiled = new Map<string, CompiledRequest>();
  const compile = (task: Task, template: RequestTemplate): CompiledRequest => {
    const key = `${task.namespace}/${task.type}@${task.version}`;
    const known = compiled.get(key);
    if (known !== undefined) return known;
    const result = compileRequest(template);
    if (!result.ok) throw new ExpressionFault(result.faults.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; '));
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    compiled.set(key, result.value);
    return result.value;
  };
  return {
    async perform(assignment, work) {
      const { task } = assignment;
      const template = await deps.requestOf(task);
      if (template === undefined) return failed('no_request', `The type ${task.type}@${task.version} has no request.`, false);
      try {
        return await call(deps, compile(task, template), assignment, work);
      } catch (thrown) {
        if (thrown instanceof ExpressionFault) return failed('template_invalid', thrown.message, false);
        if (thrown instanceof CredentialFault) return failed('credential_invalid', thrown.message, false);
        throw thrown;
      }
    },
  };
}

async function call(deps: IntegrationDeps, request: CompiledRequest, { task, fence }: Assignment, work: Work): Promise<Outcome> {
  const connection = await deps.connectionOf(task.namespace, request.connection);
  if (connection === undefined)
    return failed('connection_not_found', `There is no connection "${request.connection}" in this namespace.`, false);
  const callbackUrl = deps.callbackUrl(task, fence);
  if (request.waitFor === 'callback' && callbackUrl === undefined)
    return failed('no_public_url', 'ERRAND_PUBLIC_URL is not set, so there is no URL to call back.', false);
  const credential = credentialOf(connection.auth);
  const scope = scopeOf(task, callbackUrl ?? '');
  const rendered = renderRequest(request, connection, credential, scope);
  const startedAt = deps.now();
  const answer = await deps.send({
    ...rendered,
    headers: {
      ...rendered.headers,
      [IDEMPOTENCY_KEY_HEADER]: task.id,
      ...(request.waitFor === 'callback' ? { [CALLBACK_URL_HEADER]: scope.task.callbackUrl } : {}),
    },
    timeoutMs: task.timeouts.startToCloseMs ?? DEFAULT_TIMEOUT_MS,
    signal: work.signal,
  });
  const result = answer.ok ? String(answer.response.status) : `no answer: ${answer.fault.kind}`;
  // The log leaves out the query, in which a credential may be.
  const { origin, pathname } = new URL(rendered.url);
  const message = `${rendered.method} ${origin}${pathname} → ${result} in ${deps.now() - startedAt} ms`;
  work.log({ at: deps.now(), level: answer.ok ? 'info' : 'warn', message });
  if (!answer.ok) return failureOfFault(answer.fault);
  const read = readResponse(answer.response);
  if ('unreadable' in read) return failed('upstream.invalid_response', read.unreadable, true);
  return outcomeOf(deps, request, task, scope, redacted(read, credential));
}

async function outcomeOf(
  deps: IntegrationDeps,
  request: CompiledRequest,
  task: Task,
  scope: Scope,
  response: UpstreamResponse,
): Promise<Outcome> {
  const failure = failureOfStatus(response, deps.now());
  if (failure !== undefined) return failure;
  const answered = { ...scope, response };
  if (request.waitFor !== 'none' && isTrue(request.waitWhen.render(answered))) {
    if (request.waitFor === 'callback') return { kind: 'waiting', for: 'callback' };
    const correlation = correlationOf(request.correlation?.render(answered) ?? null);
    return { kind: 'waiting', for: 'event', correlation, meeting: await deps.meetingOf(task, correlation) };
  }
  const output = request.output.render(answered);
  if (JSON.stringify(output).length > MAX_OUTPUT_CHARACTERS)
    return failed('payload_too_large', `The output would have more than ${MAX_OUTPUT_CHARACTERS} characters.`, false);
  return { kind: 'completed', output };
}

function scopeOf(task: Task, callbackUrl: string) {
  return {
    input: task.input,
    task: {
      id: task.id,
      type: task.type,
      version: task.version,
      attempt: task.attempt,
      generation: task.generation,
      namespace: task.namespace,
      idempotencyKey: task.id,
      callbackUrl,
    },
  };
}

function redacted(response: UpstreamResponse, { secrets }: Credential): UpstreamResponse {
  const clean = redactor(secrets);
  return { status: response.status, headers: clean(response.headers) as Record<string, string>, body: clean(response.body) };
}

function isTrue(value: Json): boolean {
  if (typeof value !== 'boolean') throw new ExpressionFault('"waitWhen" gives neither true nor false');
  return value;
}

/**
 * The key by which an event names the task, from what a template gave: a text, or a number as text. Throws {@link ExpressionFault} for
 * anything else.
 */
export function correlationOf(value: Json): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text === '' || text.length > MAX_CORRELATION_LENGTH || !text.isWellFormed() || text.includes('\0'))
    throw new ExpressionFault(`the correlation is no text of 1 to ${MAX_CORRELATION_LENGTH} characters`);
  return text;
}
