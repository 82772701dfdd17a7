import { z } from '@hono/zod-openapi';
import type { JsonObject } from '@errand/core/json';
import { credentialOf } from '@errand/executors/integration/connection';
import { CredentialFault } from '@errand/executors/integration/integration-executor';
import { renderRequest } from '@errand/executors/integration/render-request';
import { compileRequest } from '@errand/executors/integration/request-template';
import { failureOfFault } from '@errand/executors/integration/upstream-outcome';
import { notFound } from '../addressed.ts';
import { defineEndpoint } from '../endpoint.ts';
import { parseBody } from '../parse-body.ts';
import { Problem } from '../problem.ts';
import { readJsonObject } from '../read-body.ts';
import { answers, body } from '../schemas.ts';
import { nameIn } from './connections.ts';

const TIMEOUT_MS = 10_000;
const TestBodySchema = z.strictObject({
  path: z
    .string()
    .max(1_024)
    .refine((path) => !path.includes('${'), 'must be a path without expressions')
    .default(''),
});
const TestSchema = z.object({
  ok: z.boolean(),
  status: z.int().optional(),
  durationMs: z.int(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});

/** Calls the third party once and says what came of it. `ok` means: it answered, and took the credential. */
export const testConnection = defineEndpoint({
  method: 'post',
  path: '/v1/connections/{name}/test',
  scope: 'connections:write',
  docs: {
    summary: 'Try a connection',
    description:
      'A GET of the base URL, or of `path` below it. 401, 403 and 5xx are not `ok`; other statuses are, for few base URLs have a page.',
    tags: ['Third parties'],
    request: { params: z.object({ name: z.string() }), ...body(TestBodySchema) },
    responses: answers(200, 'What came of it', TestSchema),
  },
  async handle(call) {
    const { service, namespace, request } = call;
    const name = nameIn(call);
    const given = request.headers.has('content-type') ? await readJsonObject(request) : {};
    const connection = await opened(() => service.connections.open(namespace.name, name, service.now()));
    if (connection === undefined) throw notFound();
    const compiled = compileRequest(templateOf(given, name));
    if (!compiled.ok) throw invalidPath(compiled.faults[0]?.detail ?? '');
    const rendered = renderRequest(compiled.value, connection, credentialOf(connection.auth), { input: null, task: null });
    const startedAt = service.now();
    const answer = await service.send({ ...rendered, timeoutMs: TIMEOUT_MS, signal: request.signal });
    const durationMs = service.now() - startedAt;
    if (!answer.ok) {
      const { code, message } = failureOfFault(answer.fault).error;
      return Response.json({ ok: false, durationMs, error: { code, message } });
    }
    const { status } = answer.response;
    const refused = status === 401 || status === 403 || status >= 500;
    const error = refused
      ? { error: { code: status >= 500 ? 'upstream.unavailable' : 'credential_invalid', message: `It answered ${status}.` } }
      : {};
    return Response.json({ ok: !refused, status, durationMs, ...error });
  },
});

function templateOf(given: JsonObject, connection: string) {
  const { path } = parseBody(TestBodySchema, given, 'Nothing was called.');
  return { connection, method: 'GET', path, query: {}, headers: {}, output: null, waitFor: 'none', waitWhen: '${false}' } as const;
}

async function opened<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (fault) {
    if (fault instanceof CredentialFault) throw new Problem(409, 'credential_invalid', fault.message);
    throw fault;
  }
}

function invalidPath(detail: string): Problem {
  return new Problem(422, 'input_invalid', 'Nothing was called.', { errors: [{ pointer: '#/path', detail }] });
}
