/** Which keywords a schema has, by its `$schema`: one of the five drafts, or a registered metaschema that picks vocabularies. */
import type { Json } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import { KEYWORD_GROUPS } from '../keywords/all.ts';
import type { Draft, KeywordFacts, KeywordGroup, Vocabulary } from './keyword.ts';

export interface Dialect {
  readonly draft: Draft;
  readonly metaschema: string;
  readonly keywords: ReadonlyMap<string, DialectKeyword>;
  /** The metaschema demands that `format` is checked. */
  readonly assertsFormat: boolean;
}

export interface DialectKeyword extends KeywordFacts {
  /** Its place in the order of evaluation: cheap keywords first, `unevaluated…` last. */
  readonly group: number;
}

const VOCABULARIES: readonly Vocabulary[] = ['core', 'applicator', 'unevaluated', 'validation', 'meta-data', 'format', 'content'];
/** `format` has two forms in 2020-12, which differ in what they demand. */
const VOCABULARY_URI = /^https:\/\/json-schema\.org\/draft\/20(?:19-09|20-12)\/vocab\/([a-z-]+?)(?:-assertion|-annotation)?$/;

function dialect(draft: Draft, metaschema: string, assertsFormat = false, has: (vocabulary: Vocabulary) => boolean = () => true): Dialect {
  const keywords = new Map<string, DialectKeyword>();
  KEYWORD_GROUPS.forEach((group: KeywordGroup, index) => {
    for (const [name, facts] of Object.entries(group.keywords)) {
      const { vocabulary, from = 4, to = 2020 } = facts;
      if (draft >= from && draft <= to && has(vocabulary)) keywords.set(name, { ...facts, group: index });
    }
  });
  return { draft, metaschema, keywords, assertsFormat };
}

const DRAFTS: readonly Dialect[] = [
  dialect(2020, 'https://json-schema.org/draft/2020-12/schema'),
  dialect(2019, 'https://json-schema.org/draft/2019-09/schema'),
  dialect(7, 'http://json-schema.org/draft-07/schema'),
  dialect(6, 'http://json-schema.org/draft-06/schema'),
  dialect(4, 'http://json-schema.org/draft-04/schema'),
];

export function draftDialect(draft: Draft): Dialect {
  const found = DRAFTS.find((dialect) => dialect.draft === draft);
  if (found === undefined) throw new Error(`there is no draft ${String(draft)}`);
  return found;
}

/** A metaschema may name another one as its own, and that one another. */
const MAX_METASCHEMAS = 8;

/** The dialect of a schema by its `$schema`, or a sentence saying why there is none. `find` gives registered schemas. */
export function dialectOf(schema: Json, inherited: Dialect, find: (uri: string) => Json | undefined, links = 0): Dialect | string {
  const uri = isJsonObject(schema) ? schema['$schema'] : undefined;
  if (typeof uri !== 'string') return inherited;
  const name = uri.replace(/#$/, '');
  const draft = DRAFTS.find(({ metaschema }) => metaschema === name);
  if (draft !== undefined) return draft;
  const metaschema = find(name);
  if (!isJsonObject(metaschema) || links > MAX_METASCHEMAS) return `names an unknown dialect "${uri}"`;
  const base = dialectOf(metaschema, inherited, find, links + 1);
  const chosen = metaschema['$vocabulary'];
  if (typeof base === 'string') return base;
  if (base.draft < 2019 || !isJsonObject(chosen)) return { ...base, metaschema: name };
  const has = new Set<Vocabulary>(['core']);
  for (const [vocabulary, required] of Object.entries(chosen)) {
    const name = VOCABULARY_URI.exec(vocabulary)?.[1];
    const known = VOCABULARIES.find((each) => each === name);
    if (known !== undefined) has.add(known);
    else if (required === true) return `needs the unknown vocabulary "${vocabulary}"`;
  }
  const assertsFormat = Object.keys(chosen).some((vocabulary) => vocabulary.endsWith('/vocab/format-assertion'));
  return dialect(base.draft, name, assertsFormat, (vocabulary) => has.has(vocabulary));
}
