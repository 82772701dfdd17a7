/** JSON Merge Patch (RFC 7396): an object is merged member by member, `null` takes a member away, anything else replaces. */
import { isJsonObject, type Json } from '@errand/core/json';

/** `target` as `patch` leaves it. Neither is changed. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const merged = new Map(Object.entries(isJsonObject(target) ? target : {}));
  for (const [member, value] of Object.entries(patch)) {
    if (value === null) merged.delete(member);
    else merged.set(member, mergePatch(merged.get(member), value));
  }
  // `Object.fromEntries` defines members, so that `__proto__` stays an ordinary one.
  return Object.fromEntries(merged);
}
