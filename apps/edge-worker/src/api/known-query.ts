/** Parameters that an endpoint does not have are refused: a typing error would otherwise be a filter or a wait that is not heard. */
import { z } from '@hono/zod-openapi';
import type { Endpoint, KeyedCall } from './endpoint.ts';
import type { ApiRequest } from './api-request.ts';
import { Problem } from './problem.ts';

const MAX_NAME_LENGTH = 40;

/**
 * The endpoint, for calls with the parameters that its documentation names. Those without a key take any: third parties put parameters
 * of their own into the URLs they were given, and probes ask past caches.
 */
export function refusingUnknownQuery(endpoint: Endpoint): Endpoint {
  if (endpoint.scope === 'none') return endpoint;
  const schema = endpoint.docs.request?.query;
  const names = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const check = (call: KeyedCall<ApiRequest>): void => {
    for (const name in call.query) if (!names.includes(name)) throw unknown(name, names);
  };
  if (endpoint.plain === true)
    return {
      ...endpoint,
      handle(call: KeyedCall<ApiRequest>) {
        check(call);
        return endpoint.handle(call);
      },
    };
  return {
    ...endpoint,
    handle(call: KeyedCall) {
      check(call);
      return endpoint.handle(call);
    },
  };
}

function unknown(name: string, names: readonly string[]): Problem {
  const known = names.length === 0 ? 'It takes none.' : `There are ${names.join(', ')}.`;
  return new Problem(400, 'invalid_query', `There is no parameter "${name.slice(0, MAX_NAME_LENGTH).toWellFormed()}" here. ${known}`);
}
