/** Runs one hostile case. Knows no runtime, so that every runtime runs the same. */
import type { Json } from '@errand/core/json';
import { compileJsonSchema } from '@errand/core/validator/json-schema';
import { exceedsDepth } from '@errand/core/json-depth';
import { MAX_JSON_DEPTH, utf8Bytes } from '@errand/core/validator/limits';
import type { HostileCase } from './hostile-case.ts';

export interface HostileResult {
  readonly name: string;
  /** What is wrong with what the validator did; `null` when it did what it must. */
  readonly complaint: string | null;
  readonly elapsedMs: number;
}

/** How long one case may take, with everything. */
export const MAX_CASE_MS = 100;
const TRIES = 3;

/** The best of a few tries: the machine may be busy with others, and the first try compiles our own code too. */
export function runHostile({ name, schema, text, expected, because }: HostileCase, now: () => number): HostileResult {
  const [given, document] = [schema(), text?.()];
  let elapsedMs = Infinity;
  let complaint: string | null = null;
  for (let attempt = 0; attempt < TRIES && elapsedMs > MAX_CASE_MS; attempt += 1) {
    const { actual, details, slowestMs } = judge(given, document, now);
    elapsedMs = Math.min(elapsedMs, slowestMs);
    const explained = because === undefined || details.some((detail) => because.test(detail));
    complaint = (actual === expected || expected === 'any answer') && explained ? null : `${actual}: ${details.slice(0, 3).join('; ')}`;
    if (details.length > 100) complaint = `${details.length} errors`;
  }
  return { name, complaint: complaint ?? (elapsedMs > MAX_CASE_MS ? `took ${Math.round(elapsedMs)} ms` : null), elapsedMs };
}

interface Judgement {
  readonly actual: HostileCase['expected'];
  readonly details: readonly string[];
  /** A schema is registered in one request and its documents come in others: the slower one counts. */
  readonly slowestMs: number;
}

function judge(schema: Json, text: string | undefined, now: () => number): Judgement {
  const start = now();
  const compiled = compileJsonSchema(schema);
  const compileMs = now() - start;
  if (!compiled.ok) return { actual: 'schema refused', details: compiled.faults.map(({ detail }) => detail), slowestMs: compileMs };
  if (text === undefined) return { actual: 'valid', details: [], slowestMs: compileMs };
  const again = now();
  const refusal = refusalOf(text);
  const result =
    refusal === null ? compiled.validator.validate(JSON.parse(text) as Json) : { ok: false as const, errors: [{ detail: refusal }] };
  const slowestMs = Math.max(compileMs, now() - again);
  if (result.ok) return { actual: 'valid', details: [], slowestMs };
  return { actual: 'document refused', details: result.errors.map(({ detail }) => detail), slowestMs };
}

/** Bytes of a task. */
const MAX_BYTES = 1024 * 1024;

/** What whoever receives a document asks before anything is parsed. */
function refusalOf(text: string): string | null {
  if (utf8Bytes(text, MAX_BYTES) > MAX_BYTES) return `more than ${MAX_BYTES} bytes`;
  return exceedsDepth(text, MAX_JSON_DEPTH) ? `more than ${MAX_JSON_DEPTH} levels deep` : null;
}
