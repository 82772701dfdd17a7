/** The formats we know, by name. */
import { Get } from 'typebox/format';

export function findFormat(name: string): ((text: string) => boolean) | undefined {
  return Get(name);
}
