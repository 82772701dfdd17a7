/**
 * Compiles schemas to closures, each once. A reference is linked to a node that is compiled later, so a chain of 5,000
 * references needs no stack, and a circle of them is no special case.
 */
import type { Json } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import { KEYWORD_GROUPS } from '../keywords/all.ts';
import { compose } from './compose.ts';
import { type Fault, type Library, refersOnly, type Target } from './library.ts';
import type { KeywordGroup } from './keyword.ts';
import type { SchemaNode } from './node.ts';
import { pointerTo } from './path.ts';
import { fail } from './report.ts';
import { locationOf, type Resource, type Subschema } from './resource.ts';
import type { Run } from './run.ts';
import { always } from './sequence.ts';
import type { Site } from './site.ts';

/** Different patterns of one schema, and what they may be together. */
const MAX_PATTERNS = 200;
const MAX_PATTERN_SIZES = 10_000;

/** A pattern made ready. */
export interface Matcher {
  test(text: string): boolean;
  /** Units of work a test of this many characters takes. */
  cost(characters: number): number;
  /** Characters the pattern tells apart, its repetitions written out. */
  readonly size: number;
}

/** Where a reference leads: the node, and how many schemas are nested in it. */
export interface Destination {
  readonly node: SchemaNode;
  readonly height: number;
}

/** A rule of `x-rules` made ready. */
export interface Rule {
  /** Whether it holds for a value, or why it cannot be told. */
  holds(self: Json): boolean | string;
  /** Units of work an evaluation takes. */
  cost(self: Json): number;
}

export interface CompilerOptions {
  readonly assertsFormat: boolean;
  pattern(source: string): Matcher | string;
  format(name: string): ((text: string) => boolean) | undefined;
  rule(source: string): Rule | string;
}

export class Compiler {
  readonly options: CompilerOptions;
  readonly library: Library;
  readonly faults: Fault[] = [];
  /** Which schemas judge the same value one after the other: an edge where one is applied in place by another. */
  readonly links = new Map<Subschema, Set<Subschema>>();

  readonly #nodes = new Map<Subschema, SchemaNode>();
  readonly #matchers = new Map<string, Matcher>();
  readonly #anchored = new Map<string | null, ReadonlyMap<Resource, Destination>>();
  #patternSizes = 0;
  readonly #waiting: Subschema[] = [];

  constructor(library: Library, options: CompilerOptions) {
    this.library = library;
    this.options = options;
  }

  /** The node of a schema that is compiled by the time anything is validated. */
  later(target: Subschema | boolean): SchemaNode {
    if (typeof target === 'boolean') return target ? ANYTHING : nothing('#');
    let node = this.#nodes.get(target);
    if (node === undefined) {
      node = { check: unready, explain: unready };
      this.#nodes.set(target, node);
      this.#waiting.push(target);
    }
    return node;
  }

  /** Compiles what is still waiting. */
  finish(): void {
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) this.#now(next);
  }

  /** The node of a schema nested in another, compiled now. */
  below(parent: Site, schema: Json, pointer: string): SchemaNode {
    if (!isJsonObject(schema)) return schema === false ? nothing(`${parent.location}${encodeURI(pointer)}`) : ANYTHING;
    const place = this.library.placeOf(schema);
    if (place === undefined) return ANYTHING;
    const node = this.#now(place);
    return this.enter(node, parent.resource, place.resource);
  }

  /** A node that tells the dynamic scope when evaluation crosses into another resource. */
  enter(node: SchemaNode, from: Resource | null, to: Resource): SchemaNode {
    if (!this.library.isDynamic || from === to) return node;
    const crossing = <T>(run: Run, go: () => T): T => {
      const { scope } = run;
      run.scope = { resource: to, up: scope };
      const result = go();
      run.scope = scope;
      return result;
    };
    return {
      check: (value, run, seen) => crossing(run, () => node.check(value, run, seen)),
      explain: (value, place, report) => crossing(report.run, () => node.explain(value, place, report)),
    };
  }

  /** Where a reference leads; the library has followed all of them before. */
  target(reference: string, from: Resource): Target {
    const target = this.library.resolve(reference, from);
    return typeof target === 'string' ? { schema: true } : target;
  }

  /**
   * Where a dynamic reference may lead: for each resource that has it, the schema with the anchor; `null` stands for the
   * `$recursiveAnchor` of 2019-09. Every resource is known by now, so all of these are compiled with the rest.
   */
  anchored(anchor: string | null): ReadonlyMap<Resource, Destination> {
    const known = this.#anchored.get(anchor);
    if (known !== undefined) return known;
    const destinations = new Map<Resource, Destination>();
    this.#anchored.set(anchor, destinations);
    for (const resource of this.library.resources()) {
      const place = anchor === null ? recursiveRoot(resource, this.library) : resource.dynamicAnchors.get(anchor);
      if (place !== undefined) destinations.set(resource, { node: this.enter(this.later(place), null, resource), height: place.height });
    }
    return destinations;
  }

  link(from: Subschema, to: Json): void {
    const place = isJsonObject(to) ? this.library.placeOf(to) : undefined;
    if (place !== undefined) this.linkTo(from, place);
  }

  linkTo(from: Subschema, to: Subschema): void {
    const targets = this.links.get(from);
    if (targets === undefined) this.links.set(from, new Set([to]));
    else targets.add(to);
  }

  /** Notes what is wrong with a keyword's value. */
  fault({ subschema: { own, pointer } }: Site, detail: string, keyword: string, ...below: readonly (string | number)[]): void {
    this.faults.push({ pointer: own ? pointer + pointerTo(keyword, ...below) : '', detail, keyword });
  }

  /** A pattern, compiled once however often it is written. */
  pattern(source: string, site: Site, keyword: string, ...below: readonly string[]): Matcher {
    const known = this.#matchers.get(source);
    if (known !== undefined) return known;
    const compiled =
      this.#matchers.size >= MAX_PATTERNS
        ? `has more than ${MAX_PATTERNS} patterns`
        : this.#patternSizes > MAX_PATTERN_SIZES
          ? 'has patterns that are too large together'
          : this.options.pattern(source);
    if (typeof compiled === 'string') this.fault(site, compiled, keyword, ...below);
    const matcher = typeof compiled === 'string' ? NEVER : compiled;
    this.#patternSizes += matcher.size;
    this.#matchers.set(source, matcher);
    return matcher;
  }

  #now(place: Subschema): SchemaNode {
    let node = this.#nodes.get(place);
    if (node !== undefined && node.check !== unready) return node;
    if (node === undefined) {
      node = { check: unready, explain: unready };
      this.#nodes.set(place, node);
    }
    const { schema, resource } = place;
    const site: Site = {
      subschema: place,
      schema,
      resource,
      draft: resource.dialect.draft,
      location: locationOf(place),
      compiler: this,
    };
    const groups = this.#groups(site);
    let made = compose(
      groups.flatMap((group) => group.compile(site)),
      site,
    );
    for (const { around } of groups) if (around !== undefined) made = around(site, made);
    return Object.assign(node, made);
  }

  /** The groups that have a keyword here, in the order of evaluation. */
  #groups(site: Site): KeywordGroup[] {
    const { keywords } = site.resource.dialect;
    const groups = new Set<number>();
    for (const name of refersOnly(site.schema, site.resource.dialect) ? ['$ref'] : Object.keys(site.schema)) {
      const keyword = keywords.get(name);
      if (keyword !== undefined) groups.add(keyword.group);
    }
    return [...groups].sort((a, b) => a - b).flatMap((index) => KEYWORD_GROUPS[index] ?? []);
  }
}

function recursiveRoot({ root }: Resource, library: Library): Subschema | undefined {
  return isJsonObject(root) && root['$recursiveAnchor'] === true ? library.placeOf(root) : undefined;
}

function unready(): never {
  throw new Error('a schema was used before it was compiled');
}

/** Stands for a pattern that was refused. */
const NEVER: Matcher = { test: () => false, cost: () => 1, size: 0 };

/** The schema `true`. */
export const ANYTHING: SchemaNode = { check: always, explain: () => undefined };

/** The schema `false`. */
export function nothing(location: string): SchemaNode {
  return {
    check: () => false,
    explain: (_value, place, report) => fail(report, { location }, place, '', { expected: 'is not allowed', params: {} }),
  };
}
