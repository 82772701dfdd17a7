/** Runs one hostile case. Knows no runtime, so that every runtime runs the same. */
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
    const start = now();
    const [actual, details] = judge(given, document);
    elapsedMs = Math.min(elapsedMs, now() - start);
    const explained = because === undefined || details.some((detail) => because.test(detail));
    complaint = (actual === expected || expected === 'any answer') && explained ? null : `${actual}: ${details.slice(0, 3).join('; ')}`;
    if (details.length > 100) complaint = `${details.length} errors`;
  }
  return { name, complaint: complaint ?? (elapsedMs > MAX_CASE_MS ? `took ${Math.round(elapsedMs)} ms` : null), elapsedMs };
}

function judge(schema: Parameters<typeof compileJsonSchema>[0], text: string | undefined): [HostileCase['expected'], string[]] {
  const compiled = compileJsonSchema(schema);
  if (!compiled.ok) return ['schema refused', compiled.faults.map(({ detail }) => detail)];
  if (text === undefined) return ['valid', []];
  const parsed = parseJson(text);
  if (!parsed.ok) return ['document refused', [parsed.error.detail]];
  const result = compiled.validator.validate(parsed.value);
  return result.ok ? ['valid', []] : ['document refused', result.errors.map(({ detail }) => detail)];
}
