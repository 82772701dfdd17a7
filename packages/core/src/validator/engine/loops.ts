/**
 * References that lead back to where they started without going into the value, as in `{ "$ref": "#" }`, would never end.
 * They are found in the graph of schemas applied in place, without recursion.
 */
import type { Subschema } from './resource.ts';

/** The first schema found on such a circle. */
export function findLoop(links: ReadonlyMap<Subschema, ReadonlySet<Subschema>>): Subschema | null {
  const finished = new Set<Subschema>();
  for (const start of links.keys()) {
    const open = new Set<Subschema>([start]);
    const stack = [{ schema: start, next: targets(links, start) }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { done, value } = top.next.next();
      if (done === true) {
        open.delete(top.schema);
        finished.add(top.schema);
        stack.pop();
      } else if (open.has(value)) return value;
      else if (!finished.has(value)) {
        open.add(value);
        stack.push({ schema: value, next: targets(links, value) });
      }
    }
  }
  return null;
}

function targets(links: ReadonlyMap<Subschema, ReadonlySet<Subschema>>, from: Subschema): Iterator<Subschema, undefined> {
  return (links.get(from) ?? new Set<Subschema>()).values();
}
