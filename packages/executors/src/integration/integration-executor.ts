/** Performs integration tasks: one HTTP call to a third party, and what its answer means. */
import { ExpressionFault, type Scope } from '@errand/core/expression';
import type { Json } from '@errand/core/json';
import type { Outcome } from '@errand/core/outcome';
import type { Assignment } from '@errand/core/ports';
import type { RequestTemplate } from '@errand/core/task-type';
import type { Task } from '@errand/core/task';
import type { Executor, Work } from '../executor.ts';
import { credentialOf, type Connection, type Credential } from './connection.ts';
import type { Outbound } from './outbound.ts';
import { redactor } from './redact.ts';
import { CALLBACK_URL_HEADER, IDEMPOTENCY_KEY_HEADER, renderRequest } from './render-request.ts';
import { compileRequest, type CompiledRequest } from './request-template.ts';
import { failed, failureOfFault, failureOfStatus } from './upstream-outcome.ts';
import { readResponse, type UpstreamResponse } from './upstream-response.ts';

/** A call of a type without `startToClose` takes at most this long. */
const DEFAULT_TIMEOUT_MS = 60_000;
/** An output, like an input, has at most this many characters. */
const MAX_OUTPUT_CHARACTERS = 1_048_576;
/** A hook names a waiting task by a key of at most this length. */
const MAX_CORRELATION_LENGTH = 512;
const MAX_COMPILED = 1_000;

export interface IntegrationDeps {
  /** The request of a task's type. */
  readonly requestOf: (task: Task) => Promise<RequestTemplate | undefined>;
  /** The connection, its credential opened. Throws `CredentialFault` where it cannot be. */
  readonly connectionOf: (namespace: string, name: string) => Promise<Connection | undefined>;
  /** The one-time URL that finishes the attempt `fence` of a task; none where nobody has said where the service is. */
  readonly callbackUrl: (task: Task, fence: number) => string | undefined;
  /** The object at which a hook's event and the task that waits for it find each other. */
  readonly meetingOf: (task: Task, correlation: string) => Promise<string>;
  readonly send: Outbound;
  readonly now: () => number;
}

/** The stored credential could not be opened: its key has changed, or its row has. */
export class CredentialFault extends Error {
  override readonly name = 'CredentialFault';
}

/** An executor of integration tasks. Compiled requests are kept, for a type's version never changes. */
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
  // The query is left out: a credential may be in it.
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

/** A key by which a hook may name the task: a text, or a number written as one. */
export function correlationOf(value: Json): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text === '' || text.length > MAX_CORRELATION_LENGTH || !text.isWellFormed() || text.includes('\0'))
    throw new ExpressionFault(`the correlation is no text of 1 to ${MAX_CORRELATION_LENGTH} characters`);
  return text;
}
