/** All that endpoints need of the service, as one object. */
import type { Json } from '@errand/core/json';
import type { Objects } from '@errand/core/ports';
import type { TaskError } from '@errand/core/task';
import type { TaskType } from '@errand/core/task-type';
import type { CompileCache } from '@errand/core/validator/compile-cache';
import type { EgressGuard } from '@errand/executors/integration/egress';
import type { Outbound } from '@errand/executors/integration/outbound';
import type { Connections } from '../catalog/connections.ts';
import type { Hooks } from '../catalog/hooks.ts';
import type { Envelope } from '../catalog/envelope.ts';
import type { Keys } from '../catalog/keys.ts';
import type { Namespaces } from '../catalog/namespaces.ts';
import type { RoutingRules } from '../catalog/routing-rules.ts';
import type { TypePosition } from '../catalog/task-types.ts';
import type { Places } from './admission.ts';
import type { Assets } from './assets.ts';
import type { FieldError } from './problem.ts';

/** A value judged: the one to store, its defaults filled in, or every error with its pointer. */
export type Checked = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly errors: readonly FieldError[] };

/** A task type as lists show it. */
export interface ListedType {
  readonly type: TaskType;
  /** When it was published, epoch ms; a type in code has none. */
  readonly createdAt?: number;
}

/** A task type with its validators, whatever they are made of. */
export interface CheckedType extends ListedType {
  /** Pointers of errors begin with `#/input`. */
  checkInput(input: Json): Promise<Checked>;
  /** Pointers of errors begin with `#/output`. */
  checkOutput(output: Json): Promise<Checked>;
}

/** An output judged: the one to store, or its errors (for whoever sent it) and the error that the attempt ends with. */
export type OutputCheck =
  | { readonly ok: true; readonly output: Json }
  | { readonly ok: false; readonly errors: readonly FieldError[]; readonly error: TaskError };

/** What became of a type that was to be published: it is new, it was there, or another one has its `name@version`. */
export interface Publication {
  readonly outcome: 'created' | 'same' | 'taken';
  readonly listed: ListedType;
}

/** Where a page of types ended: among those published, or among those in code, which come last. */
export type TypesPosition =
  | { readonly published: TypePosition; readonly inCode?: undefined }
  | { readonly published?: undefined; readonly inCode: number };

export interface Types {
  /** The type, by its highest version when none is given. */
  find(namespace: string, name: string, version?: number): Promise<CheckedType | undefined>;
  /** Judges an output before a task completes. Every path to `completed` asks this. */
  checkOutput(namespace: string, name: string, version: number, output: Json): Promise<OutputCheck>;
  /** Newest first; those in code come last. */
  list(
    namespace: string,
    after: TypesPosition | null,
    limit: number,
  ): Promise<{ readonly items: readonly ListedType[]; readonly next: TypesPosition | undefined }>;
  /** Versions of a name below `before`, highest first. */
  versions(namespace: string, name: string, before: number, limit: number): Promise<readonly ListedType[]>;
  /** `digest` is that of the body as it was sent. */
  publish(namespace: string, type: TaskType, digest: string): Promise<Publication>;
}

export interface Service {
  readonly objects: Objects;
  /** Changes of one object's tasks as server-sent events, until the reader leaves or the object ends them. */
  changes(object: string): Promise<ReadableStream<Uint8Array>>;
  readonly db: D1Database;
  readonly keys: Keys;
  readonly namespaces: Namespaces;
  readonly types: Types;
  readonly connections: Connections;
  readonly hooks: Hooks;
  /** Judges where outbound calls may go. */
  readonly egress: EgressGuard;
  /** Makes outbound calls, each destination checked; follows redirects within an origin. */
  readonly send: Outbound;
  /** The same, and a redirect is the answer. */
  readonly sendOnce: Outbound;
  /** Compiles the schemas of types that are to be published. */
  readonly schemas: CompileCache;
  /** Handlers in code, as `name@version`. */
  readonly handlers: ReadonlySet<string>;
  readonly rules: RoutingRules;
  readonly envelope: Envelope;
  /** Signs cursors of lists. */
  readonly cursorKey: Uint8Array;
  /** Signs attempt tokens (`token.ts`). */
  readonly tokenKey: Uint8Array;
  /** The built pages, where there are any. */
  readonly assets: Assets | undefined;
  /** Present in development only. */
  readonly development: { readonly apiKey: string; readonly signingSecret: string } | undefined;
  /** Base of URLs handed to third parties, without a trailing slash; the request's own origin where it is not set. */
  readonly publicUrl: string | undefined;
  readonly places: Places;
  /**
   * Resolves when a namespace may go on with work of a weight (a request is 1); `undefined` when it may at once. Left out where
   * namespaces do not share a thread.
   */
  readonly turn?: (namespace: string, weight: number) => Promise<void> | undefined;
  /** Bytes that the platform itself reads on of a body that nobody read, so that its sender sees the answer. Left out where it does not. */
  readonly drainedBytes?: number;
  readonly now: () => number;
  readonly random: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
}
