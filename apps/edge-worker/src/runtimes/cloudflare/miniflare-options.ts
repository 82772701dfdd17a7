/** How the service runs in workerd on one machine: everything real, everything kept in one directory. */
import type { createOutboundService } from './outbound-service.ts';
import { convertV4MiniflareOptions, type MiniflareOptions } from 'miniflare';

export interface LocalOptions {
  readonly script: string;
  /** Where Durable Objects and D1 keep their SQLite files. */
  readonly directory: string;
  readonly host: string;
  readonly port: number;
  /** The built pages, where there are any. */
  readonly assets: string | undefined;
  /** Settings, as text bindings. */
  readonly settings: Readonly<Record<string, string>>;
  /** Where the worker's `fetch` ends. */
  readonly outboundService: ReturnType<typeof createOutboundService>;
}

/** The worker's name: its direct socket is asked for by it. */
export const WORKER_NAME = 'errand';
/** Newer dates than the pinned workerd knows are refused at start. */
export const COMPATIBILITY_DATE = '2026-07-01';
export const CONSUMER = { maxBatchSize: 100, maxBatchTimeout: 0, maxRetries: 0 };
/**
 * The built pages are a worker of their own here: beside the service's worker the simulator would put its router of files in front
 * of every request, which doubles what a request costs. They are asked for by their exact names; the same as in `wrangler.jsonc`.
 */
const PAGES = 'errand-pages';
const ASSETS = {
  routerConfig: { has_user_worker: false },
  assetConfig: { html_handling: 'none', not_found_handling: 'none' },
};

/** Options for `new Miniflare(…)`. Requests reach the worker by its direct socket, without the simulator's proxy. */
export function miniflareOptions({ script, directory, host, port, assets, settings, outboundService }: LocalOptions): MiniflareOptions {
  return convertV4MiniflareOptions({
    handleStructuredLogs: print,
    resourcePersistencePath: directory,
    durableObjectsPersist: `${directory}/objects`,
    d1Persist: `${directory}/d1`,
    workers: [
      {
        name: WORKER_NAME,
        modules: true,
        script,
        compatibilityDate: COMPATIBILITY_DATE,
        // The request's signal tells that a client hung up.
        compatibilityFlags: ['nodejs_compat', 'enable_request_signal'],
        bindings: settings,
        durableObjects: {
          LEDGER: { className: 'LedgerObject', useSQLite: true },
          INBOX: { className: 'InboxObject', useSQLite: true },
        },
        d1Databases: { CATALOG: 'errand-catalog' },
        queueProducers: { AUTOMATED_LANE: { queueName: 'errand-automated' }, INTEGRATION_LANE: { queueName: 'errand-integration' } },
        queueConsumers: { 'errand-automated': CONSUMER, 'errand-integration': CONSUMER },
        serviceBindings: { RUNNER: { name: WORKER_NAME, entrypoint: 'Runner' }, ...(assets === undefined ? {} : { ASSETS: PAGES }) },
        outboundService,
        // The second is for the stop, and is let in by a token.
        unsafeDirectSockets: [
          { host, port },
          { host, port: 0, entrypoint: 'Stopper' },
        ],
      },
      ...(assets === undefined ? [] : [pages(assets)]),
    ],
  } as Parameters<typeof convertV4MiniflareOptions>[0]);
}

/** workerd marks with this what it says to its own developers: an operator can do nothing about it. */
const FOR_DEVELOPERS = /\bNOSENTRY\b/;

/** Prints what workerd, or the worker in it, says. */
function print({ level, message }: { readonly level: string; readonly message: string }): void {
  if (FOR_DEVELOPERS.test(message)) return;
  if (level === 'error' || level === 'warn') console.error(message);
  else console.log(message);
}

function pages(directory: string) {
  return {
    name: PAGES,
    modules: true,
    script: 'export default {}',
    compatibilityDate: COMPATIBILITY_DATE,
    assets: { directory, ...ASSETS },
  };
}
