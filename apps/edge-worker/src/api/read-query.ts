/** What a URL says, before any endpoint looks at it: texts that every database can compare, each parameter once. */
import { notFound } from './addressed.ts';
import { Problem } from './problem.ts';

/** Parameters that may be repeated: one with several values, as if they were written with commas. */
const LISTS: ReadonlySet<string> = new Set(['status']);

/** The query, or 400: a parameter given twice would otherwise be one that is silently not heard. */
export function readQuery(queries: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, values] of Object.entries(queries)) {
    if (values.length > 1 && !LISTS.has(name)) throw invalid(name, 'is given more than once');
    if (!values.every(isPlain)) throw invalid(name, 'holds NUL or half a character');
    query[name] = values.join(',');
  }
  return query;
}

/** Refuses a path with text that nothing here can be named by: it looks like anything else that is not there. */
export function requirePlainPath(params: Readonly<Record<string, string>>): void {
  for (const name in params) if (!isPlain(params[name] ?? '')) throw notFound();
}

/** NUL ends text in some SQLite drivers, and half a surrogate pair is no text at all. */
function isPlain(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function invalid(name: string, detail: string): Problem {
  return new Problem(400, 'invalid_query', `The parameter "${name.slice(0, 40).toWellFormed()}" ${detail}.`);
}
