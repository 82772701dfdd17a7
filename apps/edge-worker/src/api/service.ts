/** All that endpoints need of the service, as one object. */
import type { Json } from '@errand/core/json';
import type { Objects } from '@errand/core/ports';
import type { TaskType } from '@errand/core/task-type';
import type { EgressGuard } from '@errand/executors/integration/egress';
import type { Outbound } from '@errand/executors/integration/outbound';
import type { Connections } from '../catalog/connections.ts';
import type { Envelope } from '../catalog/envelope.ts';
import type { Keys } from '../catalog/keys.ts';
import type { Namespaces } from '../catalog/namespaces.ts';
import type { Assets } from './assets.ts';
import type { FieldError } from './problem.ts';

/** A task type with its validators, whatever they are made of. */
export interface CheckedType {
  readonly type: TaskType;
  /** Errors of an input, with pointers below `#/input`. The value is the one to store. */
  checkInput(input: Json): Promise<readonly FieldError[]>;
  /** Errors of an output, with pointers below `#/output`. */
  checkOutput(output: Json): Promise<readonly FieldError[]>;
}

export interface Types {
  /** The type, by its highest version when none is given. */
  find(namespace: string, name: string, version?: number): Promise<CheckedType | undefined>;
}

export interface Service {
  readonly objects: Objects;
  readonly db: D1Database;
  readonly keys: Keys;
  readonly namespaces: Namespaces;
  readonly types: Types;
  readonly connections: Connections;
  /** Judges where outbound calls may go. */
  readonly egress: EgressGuard;
  /** Makes outbound calls, each destination checked; follows redirects within an origin. */
  readonly send: Outbound;
  /** The same, and a redirect is the answer. */
  readonly sendOnce: Outbound;
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
  readonly now: () => number;
  readonly random: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
}
