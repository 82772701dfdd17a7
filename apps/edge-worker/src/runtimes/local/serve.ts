/** Runs the service in this process. The three entry files bring the server of their runtime. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createApi, type ServedApi } from '../../api/app.ts';
import { becomeReady } from '../../become-ready.ts';
import { HANDLERS } from '../../handlers.ts';
import { loadHandlers } from '../more-handlers.ts';
import { HOST, runService, serviceSettings, type OpenedDirectory, type Serving } from '../serving.ts';
import { StartRefused } from '../data-directory.ts';
import { folderAssets } from './folder-assets.ts';
import { openLocalService, type LocalService } from './service.ts';

const ASSETS = join(import.meta.dirname, '..', '..', '..', 'dist', 'assets');
/** Work that was begun may take this long after a stop was asked for. */
const GRACE_MS = 5_000;

/** An HTTP server that answers requests with what the API gives. */
export interface HttpServer {
  readonly port: number;
  /** Accepts no more connections. */
  close(): void;
  /** Resolves when the answers under way are sent, or after `graceMs` cuts them off. */
  drain(graceMs: number): Promise<void>;
}
export type Listen = (api: ServedApi, host: string, port: number) => Promise<HttpServer>;

/** Answers may take this long once all work is done. */
const DRAIN_MS = 500;

/** Runs the service behind the server that `listen` starts. */
export function serveLocally(listen: Listen): Promise<void> {
  return runService((opened) => start(opened, listen));
}

async function start(opened: OpenedDirectory, listen: Listen): Promise<Serving> {
  const local = await openReady(opened);
  const api = createApi(local.service);
  const server = await listenOrRefuse(listen, api, opened.port);
  local.start();
  return {
    url: `http://${HOST}:${server.port}`,
    async stop() {
      server.close();
      await local.stop(GRACE_MS, () => server.drain(DRAIN_MS));
    },
  };
}

async function listenOrRefuse(listen: Listen, api: ServedApi, port: number): Promise<HttpServer> {
  try {
    return await listen(api, HOST, port);
  } catch (fault) {
    throw new StartRefused(`Port ${port} cannot be listened on: ${fault instanceof Error ? fault.message : String(fault)}.`);
  }
}

/** The service once it can accept tasks, or the reason why it cannot. */
async function openReady(opened: OpenedDirectory): Promise<LocalService> {
  try {
    const local = openLocalService({
      directory: join(opened.directory, 'local'),
      settings: serviceSettings(opened),
      definitions: [...HANDLERS, ...(await loadHandlers(opened.settings))],
      assets: existsSync(ASSETS) ? folderAssets(ASSETS) : undefined,
    });
    await becomeReady(local.service);
    return local;
  } catch (fault) {
    // A bug of ours is shown with its place.
    if (!(fault instanceof Error) || fault instanceof TypeError || fault instanceof ReferenceError) throw fault;
    throw new StartRefused(`The service cannot start: ${fault.message.replace(/^D1_ERROR: /, '')}`, { cause: fault });
  }
}
