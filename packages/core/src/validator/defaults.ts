/**
 * Fills in defaults: a property that is not there and whose schema has a `default` gets it. Looked for in `properties`, `items`
 * and the like, and through `$ref`, `allOf`, `then` and `else`; not in alternatives, where nobody could say which one is meant.
 * What was sent stays as it is: a value is copied only along the way to what was added.
 */
import type { Json, JsonObject } from '../json.ts';
import { isJsonObject } from '../json.ts';
import type { Compiler } from './engine/compile.ts';
import type { Engine } from './engine/engine.ts';
import { type Fault, refersOnly } from './engine/library.ts';
import type { SchemaNode } from './engine/node.ts';
import { escapeToken } from './engine/path.ts';
import type { Resource, Subschema } from './engine/resource.ts';
import { Exhausted, MAX_DEPTH, type Run, spend } from './engine/run.ts';

/** Characters that defaults may add to one value; more would be a bomb. */
const MAX_ADDED = 1024 * 1024;

/** What filling in one property costs. */
const COST = 4;

/** Gives the value itself where nothing was missing. */
export type Fill = (value: Json, run: Run) => Json;

/** A declared property: how to fill what is there, and what to put where nothing is. */
interface Slot {
  readonly name: string;
  readonly fill: Fill | null;
  readonly missing: Default | null;
}

/** A default, itself filled in once it is first needed. */
interface Default {
  /** Puts it where it was missing. */
  take(run: Run): Json;
}

export interface FilledDefaults {
  readonly fill: Fill | null;
  readonly faults: readonly Fault[];
}

export const NO_DEFAULTS: FilledDefaults = { fill: null, faults: [] };

/** What fills the values of a schema, and what is wrong with its defaults. */
export function defaultsOf({ root, compiler, enter }: Engine): FilledDefaults {
  if (typeof root === 'boolean' || !compiler.library.hasDefaults) return NO_DEFAULTS;
  const defaults = new Defaults(compiler);
  const fill = defaults.compile(root);
  compiler.finish();
  return { fill, faults: defaults.judge(enter()) };
}

class Defaults {
  readonly #compiler: Compiler;
  readonly #fills = new Map<Subschema, Fill | null>();
  /** Targets of references. They are compiled in their turn, so that a long chain of them needs no stack. */
  readonly #waiting: Subschema[] = [];
  readonly #judgements: { readonly pointer: string; readonly node: SchemaNode; fill(run: Run): Json }[] = [];

  constructor(compiler: Compiler) {
    this.#compiler = compiler;
  }

  /** All that fills a schema; `null` where nothing has a default to give. */
  compile(root: Subschema): Fill | null {
    const fill = this.#fillOf(root);
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) this.#fillOf(next);
    return this.#judgements.length === 0 ? null : fill;
  }

  /** Fills the defaults themselves, once and for all, and lists those that their own schema refuses. */
  judge(run: Run): Fault[] {
    const faults: Fault[] = [];
    for (const { pointer, node, fill } of this.#judgements) {
      try {
        if (!node.check(fill(run), run, null))
          faults.push({ pointer, detail: 'has a default that its own schema refuses', keyword: 'default' });
      } catch (error) {
        if (!(error instanceof Exhausted)) throw error;
        return [...faults, { pointer, detail: `has a default that ${error.message}`, keyword: 'default' }];
      }
    }
    return faults;
  }

  /** How to fill a value of a schema; `null` where nothing in it has a default to give. */
  #fillOf(place: Subschema): Fill | null {
    const known = this.#fills.get(place);
    if (known !== undefined) return known;
    const parts = refersOnly(place.schema, place.resource.dialect)
      ? [this.#reference(place)]
      : [this.#reference(place), this.#all(place), this.#properties(place), this.#items(place), this.#conditional(place)];
    const fills = parts.filter((part) => part !== null);
    const fill = fills.length < 2 ? (fills[0] ?? null) : inTurn(fills);
    this.#fills.set(place, fill);
    return fill;
  }

  #in(schema: Json | undefined): Fill | null {
    const place = isJsonObject(schema) ? this.#compiler.library.placeOf(schema) : undefined;
    return place === undefined ? null : this.#fillOf(place);
  }

  #reference({ schema, resource, height }: Subschema): Fill | null {
    const target = this.#target(schema, resource);
    if (target === null) return null;
    this.#waiting.push(target);
    return (value, run) => {
      if ((run.depth += height) > MAX_DEPTH) throw new Exhausted('depth');
      spend(run, 1);
      const filled = this.#fills.get(target)?.(value, run) ?? value;
      run.depth -= height;
      return filled;
    };
  }

  #target(schema: JsonObject, resource: Resource): Subschema | null {
    const reference = schema['$ref'];
    const target = typeof reference === 'string' ? this.#compiler.target(reference, resource).schema : null;
    return typeof target === 'boolean' ? null : target;
  }

  #all({ schema }: Subschema): Fill | null {
    const fills = (Array.isArray(schema['allOf']) ? schema['allOf'] : [])
      .map((each: Json) => this.#in(each))
      .filter((fill) => fill !== null);
    return fills.length === 0 ? null : inTurn(fills);
  }

  #conditional({ schema, resource }: Subschema): Fill | null {
    const condition = resource.dialect.keywords.has('if') ? schema['if'] : undefined;
    const place = isJsonObject(condition) ? this.#compiler.library.placeOf(condition) : undefined;
    const [then, otherwise] = [this.#in(schema['then']), this.#in(schema['else'])];
    if (place === undefined || (then === null && otherwise === null)) return null;
    const node = this.#compiler.later(place);
    return (value, run) => (node.check(value, run, null) ? then : otherwise)?.(value, run) ?? value;
  }

  #items({ schema, resource }: Subschema): Fill | null {
    const { draft } = resource.dialect;
    const listed = schema[draft < 2020 ? 'items' : 'prefixItems'];
    const prefix = Array.isArray(listed) ? listed.map((each: Json) => this.#in(each)) : [];
    const rest = this.#in(schema[draft < 2020 && Array.isArray(listed) ? 'additionalItems' : 'items']);
    if (rest === null && prefix.every((fill) => fill === null)) return null;
    return (value, run) => {
      if (!Array.isArray(value)) return value;
      spend(run, value.length);
      const filled = value.map((item: Json, index) => (index < prefix.length ? prefix[index] : rest)?.(item, run) ?? item);
      return filled.some((item, index) => item !== value[index]) ? filled : value;
    };
  }

  #properties(place: Subschema): Fill | null {
    const { schema } = place;
    const declared = isJsonObject(schema['properties']) ? Object.entries(schema['properties']) : [];
    const slots = declared.map(([name, property]): Slot => ({
      name,
      fill: this.#in(property),
      missing: this.#default(place, name, property),
    }));
    const names = new Set(slots.map(({ name }) => name));
    const rest = this.#in(schema['additionalProperties']);
    const useful = slots.filter(({ fill, missing }) => fill !== null || missing !== null);
    if (useful.length === 0 && rest === null) return null;
    return (value, run) => {
      if (!isJsonObject(value)) return value;
      spend(run, useful.length);
      const changes: [string, Json][] = [];
      for (const { name, fill, missing } of useful) {
        if (!Object.hasOwn(value, name)) {
          if (missing !== null) changes.push([name, missing.take(run)]);
          continue;
        }
        const before = value[name] ?? null;
        const after = fill?.(before, run) ?? before;
        if (after !== before) changes.push([name, after]);
      }
      if (rest !== null) {
        for (const [name, before] of Object.entries(value)) {
          spend(run, 1);
          if (names.has(name)) continue;
          const after = rest(before, run);
          if (after !== before) changes.push([name, after]);
        }
      }
      // Spreading defines properties, so `__proto__` stays an ordinary key.
      return changes.length === 0 ? value : { ...value, ...Object.fromEntries(changes) };
    };
  }

  /** The default of a property: in its schema, or in the one that refers to. */
  #default(parent: Subschema, name: string, schema: Json): Default | null {
    const library = this.#compiler.library;
    let place = isJsonObject(schema) ? library.placeOf(schema) : undefined;
    const first = place;
    for (let hops = 0; place !== undefined && !Object.hasOwn(place.schema, 'default') && hops < MAX_HOPS; hops += 1) {
      place = this.#target(place.schema, place.resource) ?? undefined;
    }
    if (first === undefined || place === undefined || !Object.hasOwn(place.schema, 'default')) return null;
    return this.#written(place.schema['default'] ?? null, first, parent.own ? `${parent.pointer}/properties/${escapeToken(name)}` : '');
  }

  #written(written: Json, place: Subschema, pointer: string): Default {
    let state: 'written' | 'being filled' | { readonly value: Json; readonly size: number } = 'written';
    const filled = (run: Run): { readonly value: Json; readonly size: number } => {
      if (state === 'being filled') throw new Exhausted('end');
      if (state !== 'written') return state;
      state = 'being filled';
      const { added } = run;
      run.added = JSON.stringify(written).length;
      const value = this.#fills.get(place)?.(written, run) ?? written;
      state = { value, size: run.added };
      run.added = added;
      return state;
    };
    this.#judgements.push({ pointer, node: this.#compiler.later(place), fill: (run) => filled(run).value });
    return {
      take(run) {
        const { value, size } = filled(run);
        spend(run, COST);
        if ((run.added += size) > MAX_ADDED) throw new Exhausted('size');
        return value;
      },
    };
  }
}

/** References followed in search of a default. */
const MAX_HOPS = 8;

function inTurn(fills: readonly Fill[]): Fill {
  return (value, run) => {
    let filled = value;
    for (const fill of fills) filled = fill(filled, run);
    return filled;
  };
}
