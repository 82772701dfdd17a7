/** The service over Cloudflare's bindings. */
import { waitUntil } from 'cloudflare:workers';
import type { TaskDefinition } from '@errand/executors/automated/define-task';
import { coalesced } from '../../api/coalesce.ts';
import { createService, type WholeService } from '../../create-service.ts';
import type { Bindings } from './bindings.ts';
import { createFetchOutbound } from './fetch-outbound.ts';
import { retrying, retryingObjects } from '../../object-calls.ts';
import { createObjects, objectStub } from './objects.ts';
import { presence, turn } from './turns.ts';

/** Submits of a namespace under way in one isolate, where nothing else is set: an object may be far away, so more are on the road. */
const MAX_SUBMITS = 1_024;
/** In one process all events wait in one line, and a task is a dozen of them: a neighbour waits for as many submits a dozen times. */
const AT_WORK_BESIDE_OTHERS = 8;

/**
 * workerd's HTTP server reads on by itself (`canceledUploadGraceBytes` of KJ's `HttpServerSettings`), but closes the connection then if
 * the body had not come with its headers: so this is what a packet or two hold.
 */
const DRAINED_BYTES = 4_096;

export function createCloudflareService(env: Bindings, definitions: readonly TaskDefinition[]): WholeService {
  const { ERRAND_KEK: keyEncryptionKey, ERRAND_DEV_KEY: apiKey, ERRAND_DEV_SIGNING_SECRET: signingSecret } = env;
  if (keyEncryptionKey === undefined) throw new Error('ERRAND_KEK is not set.');
  return createService(
    {
      objects: coalesced(retryingObjects(createObjects(env), Math.random), waitUntil),
      assets: env.ASSETS,
      ledger: retrying((name) => objectStub(env, name), Math.random),
      db: env.CATALOG,
      settings: {
        keyEncryptionKey,
        publicUrl: env.ERRAND_PUBLIC_URL,
        egressAllow: env.ERRAND_EGRESS_ALLOW ?? '',
        places: { submits: Number(env.ERRAND_MAX_SUBMITS ?? MAX_SUBMITS), besideOthers: { atWork: AT_WORK_BESIDE_OTHERS, presence } },
        development: apiKey === undefined || signingSecret === undefined ? undefined : { apiKey, signingSecret },
        processId: env.ERRAND_PROCESS_ID,
      },
      turn,
      drainedBytes: DRAINED_BYTES,
      now: () => Date.now(),
      random: () => Math.random(),
      randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
      outbound: createFetchOutbound(env.ERRAND_WAY_OUT === 'guarded' ? 'guarded' : 'platform'),
    },
    definitions,
  );
}
