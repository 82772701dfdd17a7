/** Schemas as they lie in their documents: what identifies them, and what they inherit from where they are. */
import type { Json, JsonObject } from '../../json.ts';
import type { Dialect } from './dialect.ts';

/** A schema with a URI of its own: the root of a document, or one embedded under its `$id`. */
export interface Resource {
  /** Absolute, without fragment. */
  readonly uri: string;
  readonly dialect: Dialect;
  readonly root: Json;
  /** JSON Pointer of the root in its document. */
  readonly pointer: string;
  readonly anchors: Map<string, Subschema>;
  readonly dynamicAnchors: Map<string, Subschema>;
}

/** A schema that is an object, where it lies. Booleans need no place. */
export interface Subschema {
  readonly schema: JsonObject;
  readonly resource: Resource;
  /** JSON Pointer in its document. */
  readonly pointer: string;
  /** The document is the one being compiled, not one it refers to. */
  readonly own: boolean;
  /** Schemas nested in it, itself included, without following references. */
  readonly height: number;
}

/** Where a schema lies: the URI of its resource, and a JSON Pointer as fragment. */
export function locationOf({ resource, pointer }: Subschema): string {
  return `${resource.uri}#${encodeURI(pointer.slice(resource.pointer.length))}`;
}
