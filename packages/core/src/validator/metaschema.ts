/** Judges schemas by the metaschema of their dialect, with the engine that the metaschema describes. */
import type { Json } from '../json.ts';
import type { Dialect } from './engine/dialect.ts';
import { buildEngine, type Engine, type EngineOptions } from './engine/engine.ts';
import type { Fault, FindSchema, Library } from './engine/library.ts';
import { Exhausted } from './engine/run.ts';
import { errorsOf } from './errors.ts';
import { METASCHEMAS } from './metaschemas/all.ts';
import { compilePattern } from './pattern/pattern.ts';

const OURS = new Set<Json>(METASCHEMAS.values());

/** What is wrong with the schemas of a library, ours excepted. */
export function judgeSchemas(library: Library, find: FindSchema): Fault[] {
  return library.unjudged.flatMap(({ schema, dialect, pointer, own }) => {
    if (typeof schema === 'boolean' || OURS.has(schema)) return [];
    const engine = engineOf(dialect, find);
    if (!('check' in engine))
      return engine.map(({ detail }) => ({ pointer: '', detail: `${detail} (in the metaschema ${dialect.metaschema})` }));
    return errorsIn(schema, engine).map((error) => ({ ...error, pointer: own ? pointer + error.pointer : '' }));
  });
}

function errorsIn(schema: Json, engine: Engine): Fault[] {
  try {
    return errorsOf(engine.judge(schema) ?? []).map(({ pointer, detail, keyword = '' }) => ({ pointer, detail, keyword }));
  } catch (error) {
    if (error instanceof Exhausted) return [{ pointer: '', detail: `${error.message} by its metaschema` }];
    throw error;
  }
}

const engines = new Map<string, Engine>();

/** The engine of a metaschema. Only ours are kept: two namespaces may register different ones under one URI. */
function engineOf(dialect: Dialect, find: FindSchema): Engine | readonly Fault[] {
  const known = engines.get(dialect.metaschema);
  if (known !== undefined) return known;
  const options: EngineOptions = {
    find,
    dialect,
    assertsFormat: false,
    pattern: compilePattern,
    format: () => undefined,
    rule: () => 'is not for metaschemas',
    judge: () => [],
  };
  const engine = buildEngine(find(dialect.metaschema) ?? true, options);
  if ('check' in engine && METASCHEMAS.has(dialect.metaschema)) engines.set(dialect.metaschema, engine);
  return engine;
}
