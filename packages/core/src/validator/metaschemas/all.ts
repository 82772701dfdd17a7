/** The metaschemas of every draft we speak, by URI without fragment: what schemas are judged by, and may refer to. */
import type { JsonObject } from '../../json.ts';
import { DRAFT_04 } from './draft-04.ts';
import { DRAFT_06 } from './draft-06.ts';
import { DRAFT_07 } from './draft-07.ts';
import { DRAFT_2019_09 } from './draft-2019-09.ts';
import { DRAFT_2020_12 } from './draft-2020-12.ts';

export const METASCHEMAS: ReadonlyMap<string, JsonObject> = new Map(
  [...DRAFT_2020_12, ...DRAFT_2019_09, ...DRAFT_07, ...DRAFT_06, ...DRAFT_04].map((document) => [
    String(document['$id'] ?? document['id']).replace(/#$/, ''),
    document,
  ]),
);
