/** Runs one hostile case. Knows no runtime, so that every runtime runs the same. */
import type { Json } from '@errand/core/json';
import { compileJsonSchema } from '@errand/core/validator/json-schema';
import { parseJson } from '@errand/core/validator/limits';
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
  const parsed = parseJson(text);
  const result = parsed.ok ? compiled.validator.validate(parsed.value) : { ok: false as const, errors: [parsed.error] };
  const slowestMs = Math.max(compileMs, now() - again);
  if (result.ok) return { actual: 'valid', details: [], slowestMs };
  return { actual: 'document refused', details: result.errors.map(({ detail }) => detail), slowestMs };
}
