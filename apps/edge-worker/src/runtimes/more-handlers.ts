/** Handlers of a module that the settings name, so that a deployment's own code is performed without a change to this repository. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TaskDefinition } from '@errand/executors/automated/define-task';
import type { Settings } from '../settings.ts';
import { StartRefused } from './data-directory.ts';

/** The module's path, `undefined` where none is named; refuses one that is not there. */
export function handlersModule({ ERRAND_HANDLERS: path }: Settings): string | undefined {
  if (path === undefined) return undefined;
  const module = resolve(path);
  if (!existsSync(module)) throw new StartRefused(`ERRAND_HANDLERS: there is no file ${module}.`);
  return module;
}

/** Loads the module in this process. */
export async function loadHandlers(settings: Settings): Promise<readonly TaskDefinition[]> {
  const module = handlersModule(settings);
  if (module === undefined) return [];
  const { HANDLERS } = (await import(pathToFileURL(module).href)) as { HANDLERS?: unknown };
  if (!Array.isArray(HANDLERS)) throw new StartRefused(`ERRAND_HANDLERS: ${module} must export HANDLERS, a list of task definitions.`);
  return HANDLERS as readonly TaskDefinition[];
}
