/** One of the two schemas of a comparison, with what has been found out about it, and the budget of both. */
import type { Json, JsonObject } from '../../json.ts';
import type { Compiler, Matcher } from '../engine/compile.ts';
import type { Engine } from '../engine/engine.ts';
import { type Key, keyOf } from '../engine/equality.ts';
import { Exhausted, newRun } from '../engine/run.ts';
import type { Subschema } from '../engine/resource.ts';
import { compilePattern } from '../pattern/pattern.ts';
import type { Facts, KindName } from './facts.ts';

/** Steps of a comparison, about 50 ns each: places looked at, names matched. Real schemas take some ten thousand. */
const MAX_STEPS = 2_000_000;

/** The comparison would take too long. */
export class TooMuch extends Error {}

export interface Budget {
  left: number;
}

export function newBudget(): Budget {
  return { left: MAX_STEPS };
}

/** A large schema was read before it was known that it has no text to compare. */
const COST_OF_NO_TEXT = 1_000;

/** What equal pieces of schemas share; `null` for one with a reference, or that is too large. */
export function textOf(piece: Json): Key | null {
  if (/"\$(?:r|dynamicR|recursiveR)ef"/.test(JSON.stringify(piece))) return null;
  try {
    return keyOf(piece, newRun(null));
  } catch (error) {
    if (error instanceof Exhausted) return null;
    throw error;
  }
}

export class Side {
  readonly root: Subschema | boolean;
  readonly compiler: Compiler;
  /** Facts of single schemas, and kinds of facts: both are asked for again and again. */
  readonly facts = new Map<Subschema, Facts>();
  readonly kinds = new WeakMap<Facts, ReadonlySet<KindName>>();
  readonly #budget: Budget;
  readonly #texts = new Map<JsonObject, Key | null>();
  readonly #patterns = new Map<string, Matcher | string>();

  constructor({ root, compiler }: Engine, budget: Budget) {
    this.root = root;
    this.compiler = compiler;
    this.#budget = budget;
  }

  /** Pays for work about to be done. */
  spend(steps: number): void {
    if ((this.#budget.left -= steps) < 0) throw new TooMuch();
  }

  /** What equal schemas share; `null` for one that refers elsewhere, for the same words may mean something else there. */
  textOf(schema: JsonObject): Key | null {
    const known = this.#texts.get(schema);
    if (known !== undefined) return known;
    const text = textOf(schema);
    this.spend(text === null ? COST_OF_NO_TEXT : 8 + (String(text).length >> 2));
    this.#texts.set(schema, text);
    return text;
  }

  matches(source: string, name: string): boolean {
    const pattern = this.#patterns.get(source) ?? compilePattern(source);
    this.#patterns.set(source, pattern);
    if (typeof pattern === 'string') return false;
    this.spend(pattern.cost(name.length));
    return pattern.test(name);
  }
}
