/** The service in one process: objects, lanes and the catalog over files of one directory. */
import { join } from 'node:path';
import type { NumberedPost } from '@errand/core/hook-delivery';
import { Ledger } from '@errand/core/ledger/ledger';
import { egressGuardOf } from '@errand/executors/integration/egress';
import type { LaneMessage } from '@errand/core/assignment';
import type { InboxQuery } from '@errand/core/inbox-query';
import type { InboxObject, LedgerObject } from '@errand/core/ledger-object';
import type { LedgerPlatform, NearExecutor } from '@errand/core/ledger-platform';
import { Inbox } from '@errand/executors/manual/inbox';
import type { TaskDefinition } from '@errand/executors/automated/define-task';
import type { Assets } from '../../api/assets.ts';
import { ChangeStream } from '../../change-stream.ts';
import { createService, type ServiceSettings, type WholeService } from '../../create-service.ts';
import { goneWorkers, serviceWorker } from '../../service-worker-name.ts';
import { LEASE_MS, perform, performBegun, type PerformingLedger } from '../../perform.ts';
import { localD1 } from './d1.ts';
import { createNodeOutbound } from './egress.ts';
import { LocalLane, type LanePerformer } from './lanes.ts';
import { fileOfObject } from './object-files.ts';
import { ObjectIndex } from './object-index.ts';
import { randomBytesFromPool } from './random-bytes.ts';
import { LocalObjects, type ObjectPlace, type Resident } from './objects.ts';
import { StoredFiles } from './stored-files.ts';
import { Presence } from '../../presence.ts';
import { Turns } from './turns.ts';

/** What callers may ask of an object: the same as of a Durable Object's stub. Only inboxes have lists of people's work. */
export type LocalFace = LedgerObject & PerformingLedger & Pick<InboxObject, 'inbox'> & { fetch(): Promise<Response> };

export interface LocalService {
  readonly service: WholeService;
  /** Rings alarms and begins work. Before, nothing happens by itself. */
  start(): void;
  /** Objects in memory and files open, now. */
  load(): { readonly objects: number; readonly files: number };
  /** Finishes what is begun within `graceMs` and leaves the rest to its lease; then `lastly`, then closes every file. */
  stop(graceMs: number, lastly: () => Promise<void>): Promise<void>;
}

export interface LocalOptions {
  /** Where all files are. */
  readonly directory: string;
  readonly settings: ServiceSettings;
  readonly definitions: readonly TaskDefinition[];
  readonly assets: Assets | undefined;
  /** Objects untouched this long are unloaded. */
  readonly idleMs?: number;
}

/** Opens the service. Throws `DatabaseRefused` where a file cannot be used. */
export function openLocalService({ directory, settings, definitions, assets, idleMs }: LocalOptions): LocalService {
  const now = (): number => Date.now();
  const randomBytes = randomBytesFromPool();
  const isGone = goneWorkers(settings.processId);
  const own = new StoredFiles();
  const files = new StoredFiles();
  const lanes = new Map<string, LocalLane>();
  const turns = new Turns(new Presence(now));
  const objects = new LocalObjects<LocalFace>({
    index: new ObjectIndex(own.at(join(directory, 'objects.sqlite'))),
    storage: (name) => files.at(join(directory, 'objects', fileOfObject(name))),
    create: (place) =>
      createResident(place, turns, { now, randomBytes, send, post, near: nearOf(place.name), ...(isGone === undefined ? {} : { isGone }) }),
    now,
    ...(idleMs === undefined ? {} : { idleMs }),
  });
  function post(destination: string, sender: string, posts: readonly NumberedPost[]): Promise<void> {
    return objects.get(destination).takePosts(sender, posts);
  }
  const service = createService(
    {
      objects: { get: (name) => objects.get(name), inbox: (name) => objects.get(name) },
      assets,
      ledger: (name) => objects.get(name),
      db: localD1(own.at(join(directory, 'catalog.sqlite'))),
      settings,
      turn: (namespace, weight) => turns.take(namespace, weight),
      now,
      random: () => Math.random(),
      randomBytes,
      outbound: createNodeOutbound(egressGuardOf(settings.egressAllow)),
    },
    definitions,
  );
  const performer: LanePerformer = {
    perform: (message) => perform(message, service.performing),
    performBegun: (object, assignments) => performBegun(object, assignments, service.performing),
  };
  function laneOf(name: string): LocalLane {
    const known = lanes.get(name) ?? new LocalLane(name, performer);
    lanes.set(name, known);
    return known;
  }
  async function send(lane: string, messages: readonly LaneMessage[]): Promise<void> {
    laneOf(lane).send(messages);
  }
  function nearOf(object: string): NearExecutor {
    return {
      worker: serviceWorker(settings.processId),
      leaseMs: LEASE_MS,
      room: (lane) => laneOf(lane).room(object),
      take: (lane, assignments) => laneOf(lane).take(object, assignments),
    };
  }
  return {
    service,
    start: () => objects.start(),
    load: () => ({ objects: objects.loadedCount, files: files.openCount }),
    async stop(graceMs, lastly) {
      await Promise.all([...lanes.values()].map((lane) => lane.stop(graceMs)));
      await lastly();
      objects.stop();
      files.closeAll();
      own.closeAll();
    },
  };
}

function createResident(
  { name, storage, setAlarm }: ObjectPlace,
  turns: Turns,
  given: Pick<LedgerPlatform, 'now' | 'randomBytes' | 'send' | 'post' | 'near' | 'isGone'>,
): Resident<LocalFace> {
  const changes = new ChangeStream();
  const namespace = name.slice(0, name.indexOf('/'));
  let posting = 0;
  const platform: LedgerPlatform = {
    sql: storage.sql as LedgerPlatform['sql'],
    transaction: (work) => storage.transactionSync(work),
    // A commit returns once it is on the disk.
    durable: () => Promise.resolve(),
    gather: () => turns.gather(namespace),
    pace: () => turns.pace,
    setAlarm,
    random: () => Math.random(),
    ...given,
    async post(...args) {
      posting += 1;
      try {
        await given.post(...args);
      } finally {
        posting -= 1;
      }
    },
  };
  const inbox = name.split('/')[2] === 'inbox' ? new Inbox(platform) : undefined;
  const ledger = new Ledger(name, inbox === undefined ? platform : { ...platform, beside: inbox }, (tasks) => changes.publish(tasks));
  return {
    face: Object.assign(ledger, {
      fetch: async () => changes.response(),
      async inbox(query: InboxQuery) {
        if (inbox === undefined) throw new Error(`${name} is no inbox.`);
        return inbox.list(query);
      },
    }),
    alarm: () => ledger.tick(),
    // An answer to a post comes back to the instance that sent it.
    idle: () => posting === 0 && !ledger.holdsLeases && !changes.hasListeners,
  };
}
