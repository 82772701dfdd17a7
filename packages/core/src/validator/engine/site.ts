/**
 * A schema being compiled, and what a keyword may ask there. The readers give `undefined` for a value of the wrong shape:
 * the metaschema has refused those before, so a keyword never sees one it must complain about.
 */
import type { Json, JsonObject } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import type { Compiler } from './compile.ts';
import type { Draft } from './keyword.ts';
import type { SchemaNode } from './node.ts';
import { pointerTo } from './path.ts';
import type { Origin } from './report.ts';
import type { Resource, Subschema } from './resource.ts';

export interface Site extends Origin {
  readonly subschema: Subschema;
  readonly schema: JsonObject;
  readonly resource: Resource;
  readonly draft: Draft;
  readonly compiler: Compiler;
}

/** The value of a keyword that the schema has and its dialect knows. */
export function read({ schema, resource }: Site, keyword: string): Json | undefined {
  return Object.hasOwn(schema, keyword) && resource.dialect.keywords.has(keyword) ? schema[keyword] : undefined;
}

export function readNumber(site: Site, keyword: string): number | undefined {
  const value = read(site, keyword);
  return typeof value === 'number' ? value : undefined;
}

export function readText(site: Site, keyword: string): string | undefined {
  const value = read(site, keyword);
  return typeof value === 'string' ? value : undefined;
}

export function readList(site: Site, keyword: string): readonly Json[] | undefined {
  const value = read(site, keyword);
  return Array.isArray(value) ? value : undefined;
}

/** Names and values of a keyword that is an object; none where the schema does not have it. */
export function readEntries(site: Site, keyword: string): (readonly [string, Json])[] {
  const value = read(site, keyword);
  return isJsonObject(value) ? Object.entries(value) : [];
}

/** A list of strings; none where the schema does not have it. */
export function readNames(site: Site, keyword: string): readonly string[] {
  return namesIn(read(site, keyword) ?? null);
}

export function namesIn(value: Json): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

/** The schema under a keyword that judges values inside this one. */
export function child(site: Site, schema: Json, ...tokens: readonly (string | number)[]): SchemaNode {
  return site.compiler.below(site, schema, pointerTo(...tokens));
}

/** The schema under a keyword that judges this value itself. A circle of these would never end, so they are remembered. */
export function inPlace(site: Site, schema: Json, ...tokens: readonly (string | number)[]): SchemaNode {
  const node = child(site, schema, ...tokens);
  site.compiler.link(site.subschema, schema);
  return node;
}
