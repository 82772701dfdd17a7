/** Everything that can be measured, by the name it is asked for with. */
import { RUNTIMES } from '@errand/edge-worker/runtimes/runtime-command';
import { errandTarget } from './errand-target.ts';
import { peerTarget } from './peers/peer-target.ts';
import { RESTATE } from './peers/restate-target.ts';
import { startPostgres, startRedis } from './peers/stores.ts';
import { WORKFLOWS } from './peers/workflows-target.ts';
import type { Target } from './target.ts';

const ERRAND: readonly (readonly [string, Target])[] = RUNTIMES.map((runtime) => [runtime, errandTarget(runtime)]);

/** They need packages and programs that are no dependency of the project: `npm run bench:peers` installs them. */
const PEERS: readonly (readonly [string, Target])[] = [
  ['memory', peerTarget('Floor: front over memory', 'memory')],
  ['sqlite', peerTarget('Floor: front over node:sqlite', 'sqlite')],
  ['bullmq', peerTarget('BullMQ, appendfsync always', 'bullmq', (directory) => startRedis(directory, 'always'))],
  ['bullmq-everysec', peerTarget('BullMQ, appendfsync everysec', 'bullmq', (directory) => startRedis(directory, 'everysec'))],
  ['pg-boss', peerTarget('pg-boss', 'pg-boss', startPostgres)],
  ['graphile-worker', peerTarget('graphile-worker', 'graphile-worker', startPostgres)],
  ['dbos', peerTarget('DBOS', 'dbos', startPostgres)],
  ['restate', RESTATE],
  ['workflows', WORKFLOWS],
];

export const TARGETS: ReadonlyMap<string, Target> = new Map([...ERRAND, ...PEERS]);
