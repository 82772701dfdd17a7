/** The service over Cloudflare's bindings. */
import { waitUntil } from 'cloudflare:workers';
import { createAutomatedExecutor } from '@errand/executors/automated/automated-executor';
import type { TaskDefinition } from '@errand/executors/automated/define-task';
import { createEgressGuard, parseAllowedHosts, type AllowedHost } from '@errand/executors/integration/egress';
import { guardedOutbound } from '@errand/executors/integration/outbound';
import type { Task } from '@errand/core/task';
import { coalesced } from '../../api/coalesce.ts';
import type { Service } from '../../api/service.ts';
import { objectsOf } from '../../address.ts';
import { Connections } from '../../catalog/connections.ts';
import { Envelope } from '../../catalog/envelope.ts';
import { Keys } from '../../catalog/keys.ts';
import { Namespaces } from '../../catalog/namespaces.ts';
import { subkey } from '../../subkeys.ts';
import { createExecutors } from '../../executors.ts';
import { codeTypes } from '../../code-types.ts';
import type { PerformDeps } from '../../perform.ts';
import type { Bindings } from './bindings.ts';
import { createFetchOutbound } from './fetch-outbound.ts';
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
  const types = codeTypes(definitions);
  const typeOf = (task: Task) => types.find(task.namespace, task.type, task.version);
  const automated = createAutomatedExecutor({
    handlers: new Map(definitions.map((definition) => [`${definition.name}@${definition.version}`, definition])),
    handlerOf: async (task) => (await typeOf(task))?.type.handler,
    now: () => Date.now(),
  });
  const egress = createEgressGuard(allowedHosts(env.ERRAND_EGRESS_ALLOW ?? ''));
  const outbound = createFetchOutbound(env.ERRAND_WAY_OUT === 'guarded' ? 'guarded' : 'platform');
  const service: Service = {
    objects: coalesced(createObjects(env), waitUntil),
    db: env.CATALOG,
    keys: new Keys(env.CATALOG, subkey(keyEncryptionKey, 'api-keys')),
    namespaces,
    types,
    connections: new Connections(env.CATALOG, envelope),
    egress,
    send: guardedOutbound(outbound, egress, 'follow'),
    sendOnce: guardedOutbound(outbound, egress, 'refuse'),
    envelope,
    cursorKey: subkey(keyEncryptionKey, 'cursors'),
    tokenKey: subkey(keyEncryptionKey, 'tokens'),
    development:
      env.ERRAND_DEV_KEY === undefined || env.ERRAND_DEV_SIGNING_SECRET === undefined
        ? undefined
        : { apiKey: env.ERRAND_DEV_KEY, signingSecret: env.ERRAND_DEV_SIGNING_SECRET },
    publicUrl: env.ERRAND_PUBLIC_URL,
    now: () => Date.now(),
    random: () => Math.random(),
    randomBytes,
  };
  return {
    ...service,
    performing: {
      ledger: (object) => objectStub(env, object),
      executor: createExecutors(service, automated),
      checkOutput: async (task, output) => (await typeOf(task))?.checkOutput(output) ?? [],
      onInvalidOutput: async (task) => (await typeOf(task))?.type.onInvalidOutput ?? 'retry',
      now: () => Date.now(),
      random: () => Math.random(),
    },
    async touchObjects() {
      const objects = (await namespaces.list()).flatMap(objectsOf);
      await Promise.all(objects.map((object) => objectStub(env, object).touch()));
    },
  };
}

function allowedHosts(text: string): readonly AllowedHost[] {
  const parsed = parseAllowedHosts(text);
  if ('fault' in parsed) throw new Error(`ERRAND_EGRESS_ALLOW: ${parsed.fault}`);
  return parsed.hosts;
}
