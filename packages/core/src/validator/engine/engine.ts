/** A schema made ready to run: loaded with all it refers to, compiled, and entered with a budget. */
import type { Json } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import { Compiler, type CompilerOptions } from './compile.ts';
import type { Dialect } from './dialect.ts';
import { type Fault, type FindSchema, Library } from './library.ts';
import { findLoop } from './loops.ts';
import type { Failure } from './report.ts';
import type { Subschema } from './resource.ts';
import { Exhausted, MAX_EXPLANATION, newRun, type Run } from './run.ts';

/** All of it throws {@link Exhausted} when a value costs too much. */
export interface Engine {
  readonly root: Subschema | boolean;
  readonly compiler: Compiler;
  /** A budget for one run, at its beginning. */
  enter(): Run;
  /** Says whether a value is valid. */
  check(value: Json): boolean;
  /** What is wrong with a value; `null` for a valid one. */
  judge(value: Json): readonly Failure[] | null;
}

export interface EngineOptions extends CompilerOptions {
  readonly find: FindSchema;
  /** The dialect of a schema that names none. */
  readonly dialect: Dialect;
  /** Judges what was loaded, before it is compiled. */
  judge(library: Library): readonly Fault[];
}

/** Builds an engine, or lists what is wrong with the schema. */
export function buildEngine(schema: Json, options: EngineOptions): Engine | readonly Fault[] {
  if (!isJsonObject(schema) && typeof schema !== 'boolean') return [{ pointer: '', detail: 'must be a schema: an object or a boolean' }];
  const library = new Library(options.find);
  library.load(schema, options.dialect);
  const faults = [...options.judge(library), ...library.faults];
  if (faults.length > 0) return faults;
  const compiler = new Compiler(library, options);
  const place = isJsonObject(schema) ? library.placeOf(schema) : undefined;
  const node = compiler.later(place ?? schema === true);
  compiler.finish();
  if (compiler.faults.length > 0) return compiler.faults;
  const loop = findLoop(compiler.links);
  if (loop !== null) return [{ pointer: loop.own ? loop.pointer : '', detail: 'refers to itself without going into the value' }];
  const enter = (): Run => newRun(library.isDynamic && place !== undefined ? { resource: place.resource, up: null } : null);
  return {
    root: place ?? schema === true,
    compiler,
    enter,
    check: (value) => node.check(value, enter(), null),
    judge(value) {
      const run = enter();
      if (node.check(value, run, null)) return null;
      run.work = MAX_EXPLANATION;
      const failures: Failure[] = [];
      try {
        node.explain(value, { instance: null, keyword: null }, { run, failures });
      } catch (error) {
        // Better the first failures than none.
        if (!(error instanceof Exhausted) || failures.length === 0) throw error;
      }
      return failures;
    },
  };
}
