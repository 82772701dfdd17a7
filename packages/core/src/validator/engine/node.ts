/**
 * What a schema is compiled to. A check answers only yes or no and allocates nothing for it; when the answer was no, the
 * explanation is asked what is wrong. So a valid value, the usual case, pays nothing for messages.
 */
import type { Json, JsonObject } from '../../json.ts';
import type { Evaluated } from './evaluated.ts';
import { type Path, step } from './path.ts';
import type { Report } from './report.ts';
import type { Run } from './run.ts';

/** Says whether a value is valid. `seen` collects what was evaluated, where an `unevaluated…` keyword wants to know. */
export type Check<T extends Json = Json> = (value: T, run: Run, seen: Evaluated | null) => boolean;

/** Reports what is wrong with a value that its check has just refused. */
export type Explain<T extends Json = Json> = (value: T, place: Place, report: Report) => void;

/** Where an explanation stands: in the value, and in the schema as evaluation reached it (through references). */
export interface Place {
  readonly instance: Path;
  readonly keyword: Path;
}

/** The place of a schema applied by a keyword: to the same value, or to what lies at a token in it. */
export function along({ instance, keyword }: Place, name: string, member?: string | number): Place {
  return { instance, keyword: step(keyword, name, member) };
}

export function inside({ instance, keyword }: Place, token: string | number, name: string, member?: string | number): Place {
  return { instance: step(instance, token), keyword: step(keyword, name, member) };
}

/** A compiled schema. Its members change once, from "not compiled yet" to what they stay. */
export interface SchemaNode {
  check: Check;
  explain: Explain;
}

/** The kinds of value a keyword judges; it ignores all others. */
export interface Kinds {
  any: Json;
  string: string;
  number: number;
  array: readonly Json[];
  object: JsonObject;
}

export type Kind = keyof Kinds;

/** A keyword, or a group of them, of one schema. */
export type Part = { readonly [K in Kind]: PartOf<K> }[Kind];

export interface PartOf<K extends Kind> {
  readonly kind: K;
  readonly check: Check<Kinds[K]>;
  readonly explain: Explain<Kinds[K]>;
  /** The check together with the test for a type: one call where composition would need two. */
  readonly typed?: { readonly [T in TypeName]?: Check };
  /** Set by a `type` of one name, which lets composition skip the choice by kind. */
  readonly only?: TypeName;
  /** The explanation looks for itself what does not hold, and needs no check before. */
  readonly looks?: boolean;
  /** A part that says nothing new once the type is wrong (`enum`, `const`). */
  readonly quietAfterType?: boolean;
}

export type TypeName = 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'array' | 'object';
