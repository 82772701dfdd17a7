/** A bug planted on purpose: one replacement in one source file. */
import type { Edit } from './source-variant.ts';

export interface Plant {
  readonly name: string;
  /** What goes wrong for whoever relies on the promise. */
  readonly harm: string;
  readonly edit: Edit;
}

const CORE = 'packages/core/src';

/** A plant in a file of the core. */
export function plant(name: string, harm: string, file: string, find: string, replace: string): Plant {
  return { name, harm, edit: { file: `${CORE}/${file}.ts`, find, replace } };
}
