/** Parameters that an endpoint does not have are refused: a typing error would otherwise be a filter or a wait that is not heard. */
import { z } from '@hono/zod-openapi';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './problem.ts';

const MAX_NAME_LENGTH = 40;

/** Throws a 400 for a parameter that the endpoint's documentation does not name. */
export function requireKnown({ docs }: Endpoint, query: Readonly<Record<string, string>>): void {
  const schema = docs.request?.query;
  for (const name in query) {
    const names = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
    if (!names.includes(name)) throw unknown(name, names);
  }
}

function unknown(name: string, names: readonly string[]): Problem {
  const known = names.length === 0 ? 'It takes none.' : `There are ${names.join(', ')}.`;
  return new Problem(400, 'invalid_query', `There is no parameter "${name.slice(0, MAX_NAME_LENGTH).toWellFormed()}" here. ${known}`);
}
