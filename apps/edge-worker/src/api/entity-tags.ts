/** Lists of entity tags, as `If-Match` and `If-None-Match` hold them (RFC 9110, sections 8.8.3 and 13.1). */

export interface EntityTag {
  readonly isWeak: boolean;
  /** What stands between the quotes. */
  readonly value: string;
}

/** One tag with the comma or the end after it. What stands between the quotes may hold commas. */
const TAG = /\s*(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)/y;

/** The tags of a header; `*` for any, `undefined` where the header is missing or empty. Whatever is no list of tags names none. */
export function tagsIn(header: string | null): '*' | readonly EntityTag[] | undefined {
  const text = header?.trim() ?? '';
  if (text === '') return undefined;
  if (text === '*') return '*';
  const tags: EntityTag[] = [];
  const next = new RegExp(TAG);
  while (next.lastIndex < text.length) {
    const found = next.exec(text);
    if (found === null) return [];
    tags.push({ isWeak: found[1] !== undefined, value: found[2] ?? '' });
  }
  return tags;
}

/** Says whether `If-None-Match` names `etag`, so that its client needs no body. Weak tags fit too, for caches on the way weaken them. */
export function isKnownTo(ifNoneMatch: string | null, etag: string): boolean {
  const tags = tagsIn(ifNoneMatch);
  return tags === '*' || (tags?.some(({ value }) => `"${value}"` === etag) ?? false);
}

/** Says whether `If-Match` lets a change of what has `etag` through. A weak tag does not: it fits what is only much the same. */
export function lets(ifMatch: string | null, etag: string): boolean {
  const tags = tagsIn(ifMatch);
  return tags === undefined || tags === '*' || tags.some(({ isWeak, value }) => !isWeak && `"${value}"` === etag);
}
