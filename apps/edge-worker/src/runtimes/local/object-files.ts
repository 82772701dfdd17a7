/** Where the file of an object is, below the directory of objects. */
import { join } from 'node:path';

/** `default/0/ledger/1` is kept in `default/0-ledger-1.sqlite`, whatever a namespace is called. */
export function fileOfObject(object: string): string {
  const [namespace = '', ...rest] = object.split('/');
  return join(safeName(namespace), `${rest.map(safeName).join('-')}.sqlite`);
}

/** File systems may fold case and give dots a meaning, so only plain characters stay as they are. */
function safeName(text: string): string {
  return text.replaceAll(/[^a-z0-9_-]/gu, (character) => `%${character.codePointAt(0)?.toString(16) ?? ''}%`);
}
