/**
 * JSON Schema for the Task Validator. Schemas come from strangers, so a schema is judged when it is registered, and whatever
 * it says, a validation afterwards ends in bounded time and memory. Nothing is fetched and no code is generated.
 */
import type { Json } from '../json.ts';
import { type CompiledParts, type CompiledSchema, compiledSchema } from './compiled-schema.ts';
import { defaultsOf, NO_DEFAULTS } from './defaults.ts';
import { dialectOf, draftDialect } from './engine/dialect.ts';
import { buildEngine } from './engine/engine.ts';
import type { Draft } from './engine/keyword.ts';
import type { FindSchema } from './engine/library.ts';
import { findFormat } from './formats/formats.ts';
import { isDeeperThan, MAX_JSON_DEPTH, utf8Bytes } from './limits.ts';
import { judgeSchemas } from './metaschema.ts';
import { METASCHEMAS } from './metaschemas/all.ts';
import { compilePattern } from './pattern/pattern.ts';
import { compileRule } from './rule.ts';
import type { ValidationError } from './validator.ts';

/** Bytes of a schema. */
export const MAX_SCHEMA_BYTES = 256 * 1024;

/** Faults that one refusal lists. */
const MAX_FAULTS = 100;

export interface CompileOptions {
  /** What `format` means: a rule, as a task author expects, or a remark, as the later drafts have it by default. */
  readonly formats?: 'assert' | 'annotate';
  /** Whether a missing property gets the `default` of its schema before it is judged. */
  readonly defaults?: 'fill' | 'ignore';
  /** Registered schemas that a `$ref` or `$schema` may name, by absolute URI. */
  readonly schemas?: ReadonlyMap<string, Json>;
  /** The draft of a schema without `$schema`. */
  readonly draft?: Draft;
}

export type Compilation = { readonly ok: true; readonly validator: CompiledSchema } | Refusal;

/** A schema that is not taken. The pointers of the faults lead into it. */
export interface Refusal {
  readonly ok: false;
  readonly faults: readonly ValidationError[];
}

/** A schema taken in: a copy of our own, and what runs it. */
export interface OpenedSchema extends CompiledParts {
  readonly ok: true;
}

/** Compiles a schema, or says what is wrong with it. */
export function compileJsonSchema(schema: Json, options: CompileOptions = {}): Compilation {
  const opened = openSchema(schema, options);
  return opened.ok ? { ok: true, validator: compiledSchema(opened) } : opened;
}

/** As {@link compileJsonSchema}, for who needs the compiled parts themselves. */
export function openSchema(
  given: Json,
  { formats = 'assert', defaults = 'fill', schemas, draft = 2020 }: CompileOptions,
): OpenedSchema | Refusal {
  if (isDeeperThan(given, MAX_JSON_DEPTH)) return refused(`must not be nested more than ${MAX_JSON_DEPTH} levels deep`);
  const text = JSON.stringify(given);
  if (utf8Bytes(text, MAX_SCHEMA_BYTES) > MAX_SCHEMA_BYTES) return refused(`must have at most ${MAX_SCHEMA_BYTES} bytes`);
  // A copy of our own: nobody changes it later, and no object in it is in two places.
  const schema = JSON.parse(text) as Json;
  const find: FindSchema = (uri) => schemas?.get(uri) ?? METASCHEMAS.get(uri);
  const dialect = dialectOf(schema, draftDialect(draft), find);
  if (typeof dialect === 'string') return { ok: false, faults: [{ pointer: '/$schema', detail: dialect, keyword: '$schema' }] };
  const engine = buildEngine(schema, {
    find,
    dialect,
    assertsFormat: formats === 'assert',
    pattern: compilePattern,
    format: findFormat,
    rule: compileRule,
    judge: (library) => judgeSchemas(library, find),
  });
  if (!('check' in engine)) return { ok: false, faults: engine.slice(0, MAX_FAULTS) };
  const { fill, faults } = defaults === 'fill' ? defaultsOf(engine) : NO_DEFAULTS;
  return faults.length === 0 ? { ok: true, schema, dialect, engine, fill } : { ok: false, faults: faults.slice(0, MAX_FAULTS) };
}

function refused(detail: string): Refusal {
  return { ok: false, faults: [{ pointer: '', detail }] };
}
