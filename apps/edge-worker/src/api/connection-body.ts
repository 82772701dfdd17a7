/** A connection as a request writes it. */
import { z } from '@hono/zod-openapi';
import type { JsonObject } from '@errand/core/json';
import type { Connection } from '@errand/executors/integration/connection';
import type { EgressGuard } from '@errand/executors/integration/egress';
import { parseBody } from './parse-body.ts';
import { Problem } from './problem.ts';

const MAX_SECRET_LENGTH = 4_096;
const secret = z
  .string()
  .max(MAX_SECRET_LENGTH)
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, 'must be printable ASCII, without spaces around it');
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/, 'must be the name of a header');
/** Headers that mean something to HTTP or to this service. */
const TAKEN = new Set([
  'host',
  'content-length',
  'connection',
  'transfer-encoding',
  'idempotency-key',
  'errand-callback-url',
  'content-type',
]);

const AuthSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('bearer'), token: secret }),
  z.strictObject({
    type: z.literal('basic'),
    username: z
      .string()
      .max(255)
      .regex(/^[^:\p{Cc}]*$/u, 'must hold neither a colon nor control characters'),
    password: z.string().max(MAX_SECRET_LENGTH),
  }),
  z.discriminatedUnion('in', [
    z.strictObject({
      type: z.literal('apiKey'),
      in: z.literal('header'),
      name: headerName.refine((name) => !TAKEN.has(name.toLowerCase()), 'names a header that the service sets'),
      value: secret,
    }),
    z.strictObject({ type: z.literal('apiKey'), in: z.literal('query'), name: z.string().min(1).max(128), value: secret }),
  ]),
]);

/** What a connection may be called: part of a path, and of a type's request. */
export const ConnectionName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"');

/** A connection in a request's body; without `name` where the path has it. */
export const ConnectionBodySchema = z.strictObject({ name: ConnectionName, baseUrl: z.string().max(2_048), auth: AuthSchema });

/** Reads a connection; its base URL must be one that calls may go to. */
export function readConnection(body: JsonObject, guard: EgressGuard): Connection {
  refuseOauth(body);
  const connection = parseBody(ConnectionBodySchema, body, 'Nothing was stored.') as Connection;
  const destination = guard.checkUrl(connection.baseUrl);
  if (!destination.ok)
    throw new Problem(422, 'blocked_destination', 'Calls may not go to this base URL. Nothing was stored.', {
      errors: [{ pointer: '#/baseUrl', detail: destination.detail }],
    });
  const { url } = destination;
  if (url.search !== '' || url.hash !== '')
    throw new Problem(422, 'input_invalid', 'Nothing was stored.', {
      errors: [{ pointer: '#/baseUrl', detail: 'must have neither a query nor a fragment' }],
    });
  return { ...connection, baseUrl: url.href };
}

function refuseOauth({ auth }: JsonObject): void {
  if (typeof auth !== 'object' || auth === null || (auth as JsonObject)['type'] !== 'oauth2') return;
  throw new Problem(422, 'unsupported_auth', 'OAuth2 is not supported yet. Use bearer, basic or apiKey. Nothing was stored.', {
    errors: [{ pointer: '#/auth/type', detail: 'is not supported yet' }],
  });
}
