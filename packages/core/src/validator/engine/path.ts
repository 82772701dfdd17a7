/** Places inside a JSON document: a linked list while validating (a step costs one small object), a JSON Pointer when shown. */

/** A place; `null` is the document itself. */
export type Path = { readonly up: Path; readonly token: string | number } | null;

/** The place one step or two below `up`. */
export function step(up: Path, first: string | number, second?: string | number): Path {
  const path = { up, token: first };
  return second === undefined ? path : { up: path, token: second };
}

/** The JSON Pointer of a place (RFC 6901). */
export function pointerOf(path: Path): string {
  let pointer = '';
  for (let at = path; at !== null; at = at.up) pointer = `/${escapeToken(String(at.token))}${pointer}`;
  return pointer;
}

export function escapeToken(token: string): string {
  return token.includes('~') || token.includes('/') ? token.replaceAll('~', '~0').replaceAll('/', '~1') : token;
}

/** The tokens of a JSON Pointer that starts with `/`. */
export function tokensOf(pointer: string): string[] {
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The JSON Pointer of tokens one below the other. */
export function pointerTo(...tokens: readonly (string | number)[]): string {
  return tokens.map((token) => `/${escapeToken(String(token))}`).join('');
}
