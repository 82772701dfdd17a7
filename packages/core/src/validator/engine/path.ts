/** Places inside a JSON document: a linked list while validating (a step costs one small object), a JSON Pointer when shown. */

/** A place; `null` is the document itself. */
export type Path = { readonly up: Path; readonly token: string | number } | null;

/** The place one or more steps below `up`. */
export function step(up: Path, ...tokens: readonly (string | number)[]): Path {
  let path = up;
  for (const token of tokens) path = { up: path, token };
  return path;
}

/** The JSON Pointer of a place (RFC 6901). */
export function pointerOf(path: Path): string {
  let pointer = '';
  for (let at = path; at !== null; at = at.up) pointer = `/${escapeToken(String(at.token))}${pointer}`;
  return pointer;
}

export function escapeToken(token: string): string {
  return /[~/]/.test(token) ? token.replaceAll('~', '~0').replaceAll('/', '~1') : token;
}

/** The tokens of a JSON Pointer that starts with `/`. */
export function tokensOf(pointer: string): string[] {
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}
