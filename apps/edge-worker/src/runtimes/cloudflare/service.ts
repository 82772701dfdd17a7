/** The service over Cloudflare's bindings. */
import { waitUntil } from 'cloudflare:workers';
import { createAutomatedExecutor } from '@errand/executors/automated/automated-executor';
import type { TaskDefinition } from '@errand/executors/automated/define-task';
import { typeRef } from '@errand/core/task-type';
import { coalesced } from '../../api/coalesce.ts';
import type { Service } from '../../api/service.ts';
import { objectsOf } from '../../address.ts';
import { Envelope } from '../../catalog/envelope.ts';
import { Keys } from '../../catalog/keys.ts';
import { Namespaces } from '../../catalog/namespaces.ts';
import { RoutingRules } from '../../catalog/routing-rules.ts';
import { TaskTypes } from '../../catalog/task-types.ts';
import { subkey } from '../../subkeys.ts';
import { CodeTypes } from '../../code-types.ts';
import type { PerformDeps } from '../../perform.ts';
import { createTypes } from '../../types.ts';
import { Validators } from '../../validators.ts';
import type { Bindings } from './bindings.ts';
import { createObjects, objectStub } from './objects.ts';

export interface CloudflareService extends Service {
  readonly performing: PerformDeps;
  touchObjects(): Promise<void>;
}

export function createCloudflareService(env: Bindings, definitions: readonly TaskDefinition[]): CloudflareService {
  const keyEncryptionKey = env.ERRAND_KEK;
  if (keyEncryptionKey === undefined) throw new Error('ERRAND_KEK is not set.');
  const randomBytes = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));
  const envelope = new Envelope(subkey(keyEncryptionKey, 'envelopes'), randomBytes);
  const namespaces = new Namespaces(env.CATALOG, envelope);
  const now = (): number => Date.now();
  const validators = new Validators();
  const types = createTypes({ code: new CodeTypes(definitions), catalog: new TaskTypes(env.CATALOG), validators, now });
  const executor = createAutomatedExecutor({
    handlers: new Map(definitions.map((definition) => [typeRef(definition), definition])),
    handlerOf: async (task) =>
      (await types.find(task.namespace, task.type, task.version))?.type.handler ?? typeRef({ name: task.type, version: task.version }),
    now,
  });
  return {
    objects: coalesced(createObjects(env), waitUntil),
    db: env.CATALOG,
    keys: new Keys(env.CATALOG, subkey(keyEncryptionKey, 'api-keys')),
    namespaces,
    types,
    validators,
    handlers: new Set(definitions.map(typeRef)),
    rules: new RoutingRules(env.CATALOG),
    envelope,
    cursorKey: subkey(keyEncryptionKey, 'cursors'),
    tokenKey: subkey(keyEncryptionKey, 'tokens'),
    development:
      env.ERRAND_DEV_KEY === undefined || env.ERRAND_DEV_SIGNING_SECRET === undefined
        ? undefined
        : { apiKey: env.ERRAND_DEV_KEY, signingSecret: env.ERRAND_DEV_SIGNING_SECRET },
    publicUrl: env.ERRAND_PUBLIC_URL,
    now,
    random: () => Math.random(),
    randomBytes,
    performing: {
      ledger: (object) => objectStub(env, object),
      executor: () => executor,
      checkOutput: (task, output) => types.checkOutput(task.namespace, task.type, task.version, output),
      now,
      random: () => Math.random(),
    },
    async touchObjects() {
      const objects = (await namespaces.list()).flatMap(objectsOf);
      await Promise.all(objects.map((object) => objectStub(env, object).touch()));
    },
  };
}
