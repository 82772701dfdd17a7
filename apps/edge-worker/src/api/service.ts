/**
 * The service as endpoints see it: everything that a handler may use, in one object. `create-service.ts` makes it, once for each
 * process or isolate.
 */
import type { Json } from '@errand/core/json';
import type { Objects } from '@errand/core/ledger-object';
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

/** A value checked against a schema: the value to store, with the schema's defaults filled in, or every error with its pointer. */
export type Checked = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly errors: readonly FieldError[] };

/** A task type as lists show it. */
export interface ListedType {
  readonly type: TaskType;
  /** When it was published, epoch ms; a type in code has none. */
  readonly createdAt?: number;
}

/** A task type with its validators, whether it is published with JSON Schemas or written in code. */
export interface CheckedType extends ListedType {
  /** Pointers of errors begin with `#/input`. */
  checkInput(input: Json): Promise<Checked>;
  /** Pointers of errors begin with `#/output`. */
  checkOutput(output: Json): Promise<Checked>;
}

/** An output checked: the one to store, or what is wrong, as `errors` for whoever sent it and as the `error` that the attempt ends with. */
export type OutputCheck =
  | { readonly ok: true; readonly output: Json }
  | { readonly ok: false; readonly errors: readonly FieldError[]; readonly error: TaskError };

/** What became of a type that was to be published: it is new, the same one was there, or another one has its `name@version`. */
export interface Publication {
  readonly outcome: 'created' | 'same' | 'taken';
  readonly listed: ListedType;
}

/** Where a page of types ended: among the published ones, or among those in code, which come last. */
export type TypesPosition =
  | { readonly published: TypePosition; readonly inCode?: undefined }
  | { readonly published?: undefined; readonly inCode: number };

/** The task types of all namespaces: those in code, which every namespace has, and those that a namespace has published. */
export interface Types {
  /** The type of a name and version; without a version, the highest. */
  find(namespace: string, name: string, version?: number): Promise<CheckedType | undefined>;
  /** Checks an output. Whoever reports a task as completed asks this first: executors, people, callbacks, remote workers and hooks. */
  checkOutput(namespace: string, name: string, version: number, output: Json): Promise<OutputCheck>;
  /** A page of all types, newest first; those in code come last. */
  list(
    namespace: string,
    after: TypesPosition | null,
    limit: number,
  ): Promise<{ readonly items: readonly ListedType[]; readonly next: TypesPosition | undefined }>;
  /** At most `limit` versions of a name, all below `before`, highest first. */
  versions(namespace: string, name: string, before: number, limit: number): Promise<readonly ListedType[]>;
  /** Publishes a type. `digest` is that of the request's body, by which a repetition is known even when defaults have changed since. */
  publish(namespace: string, type: TaskType, digest: string): Promise<Publication>;
}

/** What handlers use. Secrets in it sign or seal; none is ever shown. */
export interface Service {
  /** Ledgers and inboxes, by name. */
  readonly objects: Objects;
  /** Changes of one object's tasks as a stream of server-sent events, until the reader cancels it or the object ends it. */
  changes(object: string): Promise<ReadableStream<Uint8Array>>;
  /** The catalog's database, for bringing it up to date. */
  readonly db: D1Database;
  readonly keys: Keys;
  readonly namespaces: Namespaces;
  readonly types: Types;
  readonly connections: Connections;
  readonly hooks: Hooks;
  /** Says where outbound calls may go. */
  readonly egress: EgressGuard;
  /** Makes an outbound call, its destination checked, and follows redirects within its origin. */
  readonly send: Outbound;
  /** As `send`, but a redirect is the answer. */
  readonly sendOnce: Outbound;
  /** Compiles the schemas of types that are to be published. */
  readonly schemas: CompileCache;
  /** The deployed handlers in code, as `name@version`. */
  readonly handlers: ReadonlySet<string>;
  readonly rules: RoutingRules;
  /** Seals and opens secrets at rest. */
  readonly envelope: Envelope;
  /** Signs cursors of lists. */
  readonly cursorKey: Uint8Array;
  /** Signs attempt tokens (`token.ts`). */
  readonly tokenKey: Uint8Array;
  /** The built admin app and documentation page; `undefined` where they were not built. */
  readonly assets: Assets | undefined;
  /** The first key and secret of a service in development, as `dev.json` names them; `undefined` elsewhere. */
  readonly development: { readonly apiKey: string; readonly signingSecret: string } | undefined;
  /** Base of the URLs handed to third parties, without a trailing slash; `undefined` where the operator has set none. */
  readonly publicUrl: string | undefined;
  /** How many submits of a namespace are let in at a time. */
  readonly places: Places;
  /**
   * Takes turns: resolves when a namespace may go on with work of this weight, a request being 1; `undefined` when it may at once. A
   * runtime leaves it out where namespaces do not share a thread.
   */
  readonly turn?: (namespace: string, weight: number) => Promise<void> | undefined;
  /**
   * The platform itself reads the rest of a body with at most so many bytes when nobody does, so that its sender sees the answer. A
   * runtime leaves it out where the platform does not.
   */
  readonly drainedBytes?: number;
  /** Epoch ms. */
  readonly now: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
}
