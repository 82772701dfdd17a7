/** Puts the service together over a runtime's ports, the same way for all runtimes: what endpoints use, and what performs tasks. */
import type { Objects } from '@errand/core/ledger-object';
import { typeRef } from '@errand/core/task-type';
import { CompileCache } from '@errand/core/validator/compile-cache';
import { createAutomatedExecutor } from '@errand/executors/automated/automated-executor';
import type { TaskDefinition } from '@errand/executors/automated/define-task';
import { egressGuardOf } from '@errand/executors/integration/egress';
import { guardedOutbound, type Outbound } from '@errand/executors/integration/outbound';
import { objectsOf } from './address.ts';
import type { Service } from './api/service.ts';
import { sha256 } from './canonical-json.ts';
import { Catalog } from './catalog/catalog.ts';
import { Connections } from './catalog/connections.ts';
import { Envelope } from './catalog/envelope.ts';
import { Hooks } from './catalog/hooks.ts';
import { Keys } from './catalog/keys.ts';
import { Namespaces } from './catalog/namespaces.ts';
import { RoutingRules } from './catalog/routing-rules.ts';
import { TaskTypes } from './catalog/task-types.ts';
import { CodeTypes } from './code-types.ts';
import { createExecutors } from './executors.ts';
import type { PerformDeps, PerformingLedger } from './perform.ts';
import { serviceWorker } from './service-worker-name.ts';
import { subkey } from './subkeys.ts';
import { createTypes } from './types.ts';

/** What a runtime brings along. Each has a file that makes one: `runtimes/cloudflare/service.ts`, `runtimes/local/service.ts`. */
export interface Runtime {
  /** Objects as endpoints see them: calls with commands may be shared, and are made again where that is safe. */
  readonly objects: Objects;
  /** One object, as it is, for what performs its tasks, touches it by the clock, or streams its changes. */
  readonly ledger: (object: string) => PerformingLedger & { touch(): Promise<void>; fetch(request: Request): Promise<Response> };
  readonly db: D1Database;
  readonly assets: Service['assets'];
  readonly settings: ServiceSettings;
  readonly turn?: Service['turn'];
  readonly drainedBytes?: number;
  readonly now: () => number;
  readonly random: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Makes one request to the outside; its destination has been checked. */
  readonly outbound: Outbound;
}

/** Settings of the service, whatever runs it. What the names of environment variables mean is in `settings.ts`. */
export interface ServiceSettings {
  /** The root of every other key, base64: each purpose has its own, derived in `subkeys.ts`. */
  readonly keyEncryptionKey: string;
  readonly publicUrl: string | undefined;
  /** Hosts that outbound calls may reach although private: `host[:port|:*]`, comma-separated. */
  readonly egressAllow: string;
  readonly development: Service['development'];
  readonly places: Service['places'];
  /** Names this start of the service, where one process at a time runs it; `undefined` where many do. */
  readonly processId: string | undefined;
}

/** The service with what runtimes need of it besides. */
export interface WholeService extends Service {
  /** What `perform.ts` needs. */
  readonly performing: PerformDeps;
  /** Wakes every object, so that each arms its alarm again and sends again what was lost. */
  touchObjects(): Promise<void>;
}

/**
 * Characters of the schemas whose validators are kept in memory. A validator takes about ten times its schema, and an isolate has 128
 * MB.
 */
const MAX_SCHEMA_CHARACTERS = 2_000_000;

/** Makes the service. `definitions` are the task types in code. Throws where `egressAllow` cannot be read. */
export function createService(runtime: Runtime, definitions: readonly TaskDefinition[]): WholeService {
  const { objects, ledger, db, assets, settings, now, random, randomBytes } = runtime;
  const { keyEncryptionKey, development } = settings;
  const publicUrl = settings.publicUrl?.replace(/\/+$/, '') || undefined;
  const egress = egressGuardOf(settings.egressAllow);
  const envelope = new Envelope(subkey(keyEncryptionKey, 'envelopes'), randomBytes);
  const catalog = new Catalog(db);
  const namespaces = new Namespaces(catalog, envelope);
  const schemas = new CompileCache(sha256, { maxCharacters: MAX_SCHEMA_CHARACTERS });
  const types = createTypes({ code: new CodeTypes(definitions), catalog: new TaskTypes(catalog), schemas, now });
  const automated = createAutomatedExecutor({
    handlers: new Map(definitions.map((definition) => [typeRef(definition), definition])),
    handlerOf: async ({ namespace, type: name, version }) =>
      (await types.find(namespace, name, version))?.type.handler ?? typeRef({ name, version }),
    now,
  });
  const service: Service = {
    objects,
    async changes(object) {
      const { body } = await ledger(object).fetch(new Request('https://object/changes'));
      if (body === null) throw new Error('An object gave no stream.');
      return body;
    },
    db,
    keys: new Keys(catalog, subkey(keyEncryptionKey, 'api-keys')),
    namespaces,
    types,
    connections: new Connections(catalog, envelope),
    hooks: new Hooks(catalog, envelope),
    egress,
    send: guardedOutbound(runtime.outbound, egress, 'follow'),
    sendOnce: guardedOutbound(runtime.outbound, egress, 'refuse'),
    schemas,
    handlers: new Set(definitions.map(typeRef)),
    rules: new RoutingRules(catalog),
    envelope,
    cursorKey: subkey(keyEncryptionKey, 'cursors'),
    tokenKey: subkey(keyEncryptionKey, 'tokens'),
    assets,
    development,
    publicUrl,
    places: settings.places,
    ...(runtime.turn === undefined ? {} : { turn: runtime.turn }),
    ...(runtime.drainedBytes === undefined ? {} : { drainedBytes: runtime.drainedBytes }),
    now,
    random,
    randomBytes,
  };
  return {
    ...service,
    performing: {
      worker: serviceWorker(settings.processId),
      ledger,
      executor: createExecutors(service, automated),
      checkOutput: ({ namespace, type, version }, output) => types.checkOutput(namespace, type, version, output),
      now,
      random,
    },
    async touchObjects() {
      await Promise.all((await namespaces.list()).flatMap(objectsOf).map((object) => ledger(object).touch()));
    },
  };
}
