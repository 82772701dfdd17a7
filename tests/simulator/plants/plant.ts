/** What a planted bug is. */
import type { Edit } from '../source-variant.ts';

export interface Plant {
  readonly name: string;
  /** What goes wrong for whoever relies on the promise. */
  readonly harm: string;
  readonly edit: Edit;
}

/** A plant in a file of the core, or in `file` as it stands when it says where from. */
export function plant(name: string, harm: string, file: string, find: string, replace: string): Plant {
  return { name, harm, edit: { file: file.includes('/src/') ? `${file}.ts` : `packages/core/src/${file}.ts`, find, replace } };
}
