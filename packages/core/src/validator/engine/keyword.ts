/**
 * How a keyword says what it is. Each file in `keywords/` holds one group of them; `dialect.ts` knows which a schema's dialect has.
 */
import type { Part, SchemaNode } from './node.ts';
import type { Site } from './site.ts';

/** The drafts we speak, by the year or number in their name; later ones are greater. */
export type Draft = 4 | 6 | 7 | 2019 | 2020;

export type Vocabulary = 'core' | 'applicator' | 'unevaluated' | 'validation' | 'meta-data' | 'format' | 'content';

export interface KeywordFacts {
  readonly vocabulary: Vocabulary;
  /** The first and the last draft that has it; all where left out. */
  readonly from?: Draft;
  readonly to?: Draft;
  /** Its value is a schema or an array of them (`schemas`), or an object whose values are (`named schemas`). */
  readonly holds?: 'schemas' | 'named schemas';
}

/** Keywords compiled together, because they read each other or are faster in one loop. */
export interface KeywordGroup {
  readonly keywords: Readonly<Record<string, KeywordFacts>>;
  /** Called once for a schema that has at least one of the keywords. */
  compile(site: Site): readonly Part[];
  /** Puts something around all other keywords of the schema. */
  around?(site: Site, inner: SchemaNode): SchemaNode;
}
