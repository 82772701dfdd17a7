/** JSON Pointers (RFC 6901) into a request's body, as problems write them: `#/input/qty`. */

/** A member's name as a token of a pointer. */
export function escapePointer(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The pointer to `path` below `root`. */
export function pointerTo(path: readonly PropertyKey[], root = '#'): string {
  return [root, ...path.map((part) => escapePointer(String(part)))].join('/');
}
