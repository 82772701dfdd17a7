/**
 * The schemas that one compilation can reach: the one given, and registered ones it refers to. Everything is found before
 * anything is compiled, so a reference that leads nowhere is a fault of the schema and never of a value. Nothing is fetched.
 */
import type { Json, JsonObject } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import { isDeeperThan, MAX_JSON_DEPTH } from '../limits.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import { escapeToken, tokensOf } from './path.ts';
import type { Resource, Subschema } from './resource.ts';

/** Subschemas of all documents together. */
export const MAX_SUBSCHEMAS = 5_000;

/** Gives a registered schema by its absolute URI without fragment. */
export type FindSchema = (uri: string) => Json | undefined;

/** What a reference leads to. */
export interface Target {
  readonly schema: Subschema | boolean;
  /** The name, where the reference used an anchor: `$dynamicRef` looks further by it. */
  readonly anchor?: string;
}

/** Something wrong with a schema; the pointer leads into the schema given. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
  readonly keyword?: string;
}

/** The base of a document without `$id`. */
const NAMELESS = 'schema:///';
const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef'];

export class Library {
  readonly faults: Fault[] = [];
  /** Documents, and places that only a reference makes a schema: what the metaschema must judge. */
  readonly unjudged: { readonly schema: Json; readonly dialect: Dialect; readonly pointer: string; readonly own: boolean }[] = [];
  /** Some schema has a `default`. */
  hasDefaults = false;
  /** Some schema has an `unevaluated…` keyword. */
  tracksEvaluation = false;
  /** Some schema has a reference that depends on how it was reached. */
  isDynamic = false;

  readonly #find: FindSchema;
  readonly #resources = new Map<string, Resource>();
  readonly #subschemas = new Map<JsonObject, Subschema>();
  /** Subschemas whose references are not followed yet. */
  readonly #unfollowed: Subschema[] = [];

  constructor(find: FindSchema) {
    this.#find = find;
  }

  /** Takes a document in, with everything it refers to. */
  load(schema: Json, dialect: Dialect): void {
    this.#document(schema, NAMELESS, dialect, true);
    for (let next = this.#unfollowed.pop(); next !== undefined; next = this.#unfollowed.pop()) {
      for (const keyword of REFERENCES) {
        const reference = next.schema[keyword];
        if (typeof reference !== 'string' || !next.resource.dialect.keywords.has(keyword)) continue;
        const target = this.resolve(reference, next.resource);
        if (typeof target === 'string') this.#fault(next, `/${keyword}`, `refers to "${reference}", ${target}`, keyword);
      }
    }
  }

  /** The place of a schema that is an object of a loaded document. */
  placeOf(schema: JsonObject): Subschema | undefined {
    return this.#subschemas.get(schema);
  }

  /** Every schema with a URI of its own, once. */
  resources(): ReadonlySet<Resource> {
    return new Set(this.#resources.values());
  }

  /** What a reference leads to, or why it leads nowhere. */
  resolve(reference: string, from: Resource): Target | string {
    let url: URL;
    let fragment: string;
    try {
      url = new URL(reference, from.uri);
      fragment = decodeURIComponent(url.hash.slice(1));
    } catch {
      return 'which is not a URI reference';
    }
    url.hash = '';
    const resource = this.#resource(url.href, from.dialect);
    if (typeof resource === 'string') return resource;
    if (fragment === '' || fragment.startsWith('/')) return this.#byPointer(fragment, resource);
    const schema = resource.anchors.get(fragment);
    return schema === undefined ? 'an anchor that is not there' : { schema, anchor: fragment };
  }

  #byPointer(pointer: string, from: Resource): Target | string {
    let resource = from;
    let schema = from.root;
    for (const token of pointer === '' ? [] : tokensOf(pointer)) {
      if (schema === null || typeof schema !== 'object' || !Object.hasOwn(schema, token)) return 'which is not there';
      schema = (schema as JsonObject)[token] ?? null;
      if (isJsonObject(schema)) resource = this.#subschemas.get(schema)?.resource ?? resource;
    }
    if (typeof schema === 'boolean') return { schema };
    if (!isJsonObject(schema)) return 'which is not a schema';
    const place = this.#subschemas.get(schema);
    if (place !== undefined) return { schema: place };
    const whole = from.pointer + pointer;
    const own = this.#isOwn(from);
    this.unjudged.push({ schema, dialect: resource.dialect, pointer: whole, own });
    this.#index(schema, resource, whole, own);
    return this.#byPointer(pointer, from);
  }

  #isOwn(resource: Resource): boolean {
    return isJsonObject(resource.root) && this.#subschemas.get(resource.root)?.own === true;
  }

  #resource(uri: string, dialect: Dialect): Resource | string {
    const known = this.#resources.get(uri);
    if (known !== undefined) return known;
    const schema = this.#find(uri);
    if (schema === undefined) return 'which is not registered; schemas are never fetched';
    if (isDeeperThan(schema, MAX_JSON_DEPTH)) return 'which is nested too deep';
    this.#document(schema, uri, dialect, false);
    return this.#resources.get(uri) ?? 'which is not a schema';
  }

  #document(schema: Json, uri: string, inherited: Dialect, own: boolean): void {
    const dialect = this.#dialect(schema, inherited, '', own);
    this.unjudged.push({ schema, dialect, pointer: '', own });
    if (isJsonObject(schema)) this.#index(schema, this.#newResource(schema, uri, dialect, '', uri), '', own);
    else this.#newResource(schema, uri, dialect, '', uri);
  }

  #dialect(schema: Json, inherited: Dialect, pointer: string, own: boolean): Dialect {
    const dialect = dialectOf(schema, inherited, this.#find);
    if (typeof dialect !== 'string') return dialect;
    this.faults.push({ pointer: own ? `${pointer}/$schema` : '', detail: dialect, keyword: '$schema' });
    return inherited;
  }

  #newResource(root: Json, base: string, dialect: Dialect, pointer: string, alias?: string): Resource {
    const id = isJsonObject(root) ? idOf(root, dialect) : undefined;
    const url = URL.parse(id ?? base, base) ?? new URL(base);
    url.hash = '';
    const resource: Resource = { uri: url.href, dialect, root, pointer, anchors: new Map(), dynamicAnchors: new Map() };
    const known = this.#resources.get(resource.uri);
    if (known !== undefined && known.root !== root && id !== undefined)
      this.faults.push({ pointer, detail: `has the $id "${id}", which another schema has too` });
    this.#resources.set(resource.uri, resource);
    if (alias !== undefined) this.#resources.set(alias, resource);
    return resource;
  }

  /** Takes a subschema in with those nested in it; answers its height. Recursion is bounded by the document's depth. */
  #index(schema: JsonObject, inherited: Resource, pointer: string, own: boolean): number {
    const known = this.#subschemas.get(schema);
    if (known !== undefined) return known.height;
    if (this.#subschemas.size >= MAX_SUBSCHEMAS) {
      if (this.#subschemas.size === MAX_SUBSCHEMAS) this.faults.push({ pointer: '', detail: `has more than ${MAX_SUBSCHEMAS} subschemas` });
      this.#subschemas.set(schema, { schema, resource: inherited, pointer, own, height: 1 });
      return 1;
    }
    let resource = inherited;
    if (schema !== inherited.root && idOf(schema, inherited.dialect) !== undefined) {
      const dialect = this.#dialect(schema, inherited.dialect, pointer, own);
      resource = this.#newResource(schema, inherited.uri, dialect, pointer);
    }
    const place = { schema, resource, pointer, own, height: 1 };
    this.#subschemas.set(schema, place);
    this.#unfollowed.push(place);
    this.#note(place);
    const { keywords } = resource.dialect;
    const onlyReference = refersOnly(schema, resource.dialect);
    let below = 0;
    for (const [name, value] of Object.entries(schema)) {
      const { holds } = keywords.get(name) ?? {};
      if (holds === undefined || (onlyReference && name !== 'definitions')) continue;
      const path = `${pointer}/${escapeToken(name)}`;
      if (holds === 'schemas' && isJsonObject(value)) below = Math.max(below, this.#index(value, resource, path, own));
      else if ((holds === 'schemas') === Array.isArray(value) && value !== null && typeof value === 'object') {
        for (const [token, member] of Object.entries(value) as [string, Json][])
          if (isJsonObject(member)) below = Math.max(below, this.#index(member, resource, `${path}/${escapeToken(token)}`, own));
      }
    }
    place.height = 1 + below;
    return place.height;
  }

  /** Remembers a subschema's anchors, and which costly features are used at all. */
  #note(place: Subschema): void {
    const { schema, resource } = place;
    const { draft } = resource.dialect;
    if (Object.hasOwn(schema, 'default')) this.hasDefaults = true;
    for (const keyword of ['unevaluatedItems', 'unevaluatedProperties']) if (Object.hasOwn(schema, keyword)) this.tracksEvaluation = true;
    for (const keyword of ['$dynamicRef', '$recursiveRef']) if (Object.hasOwn(schema, keyword)) this.isDynamic = true;
    if (draft < 2019) {
      const id = schema[draft === 4 ? 'id' : '$id'];
      const name = typeof id === 'string' && !refersOnly(schema, resource.dialect) ? id.split('#')[1] : undefined;
      if (name !== undefined && name !== '') this.#anchor(place, name);
      return;
    }
    if (typeof schema['$anchor'] === 'string') this.#anchor(place, schema['$anchor']);
    const dynamic = schema['$dynamicAnchor'];
    if (draft < 2020 || typeof dynamic !== 'string') return;
    if (schema['$anchor'] !== dynamic) this.#anchor(place, dynamic);
    resource.dynamicAnchors.set(dynamic, place);
  }

  #anchor(place: Subschema, name: string): void {
    if (place.resource.anchors.has(name)) this.#fault(place, '', `has the anchor "${name}", which another schema has too`);
    place.resource.anchors.set(name, place);
  }

  #fault({ own, pointer, resource }: Subschema, below: string, detail: string, keyword?: string): void {
    const fault = own
      ? { pointer: pointer + below, detail }
      : { pointer: '', detail: `${detail} (at ${pointer}${below} of ${resource.uri})` };
    this.faults.push(keyword === undefined ? fault : { ...fault, keyword });
  }
}

/** The `$id` of a schema that makes it a resource: not a mere fragment, and not beside a `$ref` that hides it. */
function idOf(schema: JsonObject, dialect: Dialect): string | undefined {
  const id = schema[dialect.draft === 4 ? 'id' : '$id'];
  return typeof id === 'string' && !id.startsWith('#') && !refersOnly(schema, dialect) ? id : undefined;
}

/** Up to draft 7 a `$ref` hides everything beside it. */
export function refersOnly(schema: JsonObject, { draft }: Dialect): boolean {
  return draft < 2019 && typeof schema['$ref'] === 'string';
}
