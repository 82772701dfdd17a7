/**
 * JSON Schema for the Task Validator: schemas come from strangers, so a schema is judged when it is registered, and whatever
 * it says, a validation afterwards ends in bounded time and memory. Nothing is fetched and no code is generated.
 */
import type { Json } from '../json.ts';
import { DRAFT_2020, type Dialect, dialectOf } from './engine/dialect.ts';
import { buildEngine, type Engine, type EngineOptions } from './engine/engine.ts';
import type { Draft } from './engine/keyword.ts';
import type { Fault, FindSchema, Library } from './engine/library.ts';
import { Exhausted } from './engine/run.ts';
import { errorsOf } from './errors.ts';
import { findFormat } from './formats/formats.ts';
import { isDeeperThan, MAX_JSON_DEPTH, utf8Bytes } from './limits.ts';
import { METASCHEMAS } from './metaschemas/all.ts';
import { compilePattern } from './pattern/pattern.ts';
import type { Validation, ValidationError, Validator } from './validator.ts';

/** Bytes of a schema. */
export const MAX_SCHEMA_BYTES = 256 * 1024;

export interface CompileOptions {
  /** What `format` means: a rule, as a task author expects, or a remark, as the later drafts have it by default. */
  readonly formats?: 'assert' | 'annotate';
  /** Registered schemas that a `$ref` may name, by absolute URI. */
  readonly schemas?: ReadonlyMap<string, Json>;
  /** The draft of a schema without `$schema`. */
  readonly draft?: Draft;
}

/** A JSON Schema ready to judge values, at once and without a promise. */
export interface CompiledSchema extends Validator {
  validate(value: Json): Validation;
}

export type Compilation =
  | { readonly ok: true; readonly validator: CompiledSchema }
  | { readonly ok: false; readonly faults: readonly ValidationError[] };

/** Compiles a schema, or says what is wrong with it: the pointers of the faults lead into the schema. */
export function compileJsonSchema(schema: Json, options: CompileOptions = {}): Compilation {
  if (isDeeperThan(schema, MAX_JSON_DEPTH))
    return refused([{ pointer: '', detail: `must not be nested more than ${MAX_JSON_DEPTH} levels deep` }]);
  const text = JSON.stringify(schema);
  if (utf8Bytes(text, MAX_SCHEMA_BYTES) > MAX_SCHEMA_BYTES)
    return refused([{ pointer: '', detail: `must have at most ${MAX_SCHEMA_BYTES} bytes` }]);
  // A copy of our own: nobody changes it later, and no object in it is in two places.
  const own = JSON.parse(text) as Json;
  const find: FindSchema = (uri) => options.schemas?.get(uri) ?? METASCHEMAS.get(uri);
  const engine = buildEngine(own, {
    find,
    dialect: draftOf(options.draft),
    assertsFormat: options.formats !== 'annotate',
    pattern: compilePattern,
    format: findFormat,
    judge: (library) => judge(library, find),
  });
  return 'check' in engine ? { ok: true, validator: validatorOf(engine, own) } : refused(engine);
}

function refused(faults: readonly Fault[]): Compilation {
  return { ok: false, faults };
}

function validatorOf(engine: Engine, schema: Json): CompiledSchema {
  return {
    jsonSchema: schema,
    validate(value) {
      try {
        if (engine.check(value)) return { ok: true, value };
        return { ok: false, errors: errorsOf(engine.explain(value)) };
      } catch (error) {
        if (error instanceof Exhausted) return { ok: false, errors: [{ pointer: '', detail: error.message }] };
        throw error;
      }
    },
  };
}

function draftOf(draft: Draft = 2020): Dialect {
  const names: Readonly<Record<Draft, string>> = {
    2020: 'https://json-schema.org/draft/2020-12/schema',
    2019: 'https://json-schema.org/draft/2019-09/schema',
    7: 'http://json-schema.org/draft-07/schema',
    6: 'http://json-schema.org/draft-06/schema',
    4: 'http://json-schema.org/draft-04/schema',
  };
  const dialect = dialectOf(names[draft], () => undefined);
  return typeof dialect === 'string' ? DRAFT_2020 : dialect;
}

/** Judges every schema loaded by the metaschema of its dialect, ours excepted. */
function judge(library: Library, find: FindSchema): Fault[] {
  return library.unjudged.flatMap(({ schema, dialect, pointer, own }) => {
    if (typeof schema === 'boolean' || OURS.has(schema)) return [];
    const engine = metaschemaEngine(dialect, find);
    const errors = 'check' in engine ? (engine.check(schema) ? [] : errorsOf(engine.explain(schema))) : engine;
    const names = 'check' in engine ? '' : ` (in the metaschema ${dialect.metaschema})`;
    return errors.map(({ pointer: at, detail, keyword = '' }) => ({
      pointer: own && names === '' ? pointer + at : '',
      detail: detail + names,
      keyword,
    }));
  });
}

const OURS = new Set<Json>(METASCHEMAS.values());
const engines = new Map<string, Engine>();

/** The engine of a metaschema. Only ours are kept: two namespaces may register different ones under one URI. */
function metaschemaEngine(dialect: Dialect, find: FindSchema): Engine | readonly Fault[] {
  const known = engines.get(dialect.metaschema);
  if (known !== undefined) return known;
  const options: EngineOptions = { find, dialect, assertsFormat: false, pattern: compilePattern, format: findFormat, judge: () => [] };
  const engine = buildEngine(find(dialect.metaschema) ?? true, options);
  if ('check' in engine && METASCHEMAS.has(dialect.metaschema)) engines.set(dialect.metaschema, engine);
  return engine;
}
