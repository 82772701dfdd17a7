/**
 * Where to point when a whole group of fields is missing: at those of its fields that it requires, for the group itself is
 * nothing that anybody can fill in.
 */
import type { RJSFSchema } from '@rjsf/utils';
import { segmentsOf } from './form-errors.ts';

/** Groups within groups, at most so deep: a schema may contain itself. */
const DEEPEST = 6;

/** Pointers of the fields to fill in, for a member that is missing at `pointer`. */
export function missingFields(root: RJSFSchema, pointer: string): readonly string[] {
  let at: RJSFSchema | undefined = root;
  for (const segment of segmentsOf(pointer, '')) at = memberOf(root, at, segment);
  return requiredIn(root, at, pointer, DEEPEST);
}

function requiredIn(root: RJSFSchema, schema: RJSFSchema | undefined, pointer: string, deepest: number): readonly string[] {
  const { required = [], properties } = referred(root, schema) ?? {};
  if (properties === undefined || required.length === 0 || deepest === 0) return [pointer];
  return required.flatMap((name) => {
    const field = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return requiredIn(root, memberOf(root, schema, name), field, deepest - 1);
  });
}

function memberOf(root: RJSFSchema, schema: RJSFSchema | undefined, segment: string): RJSFSchema | undefined {
  const { properties, items } = referred(root, schema) ?? {};
  const member = properties?.[segment] ?? (Array.isArray(items) ? items[Number(segment)] : items);
  return typeof member === 'object' ? (member as RJSFSchema) : undefined;
}

/** The schema, or the definition that it names. */
function referred(root: RJSFSchema, schema: RJSFSchema | undefined): RJSFSchema | undefined {
  const name = /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(schema?.$ref ?? '')?.[1];
  if (name === undefined) return schema;
  const found = (root.$defs as Record<string, unknown> | undefined)?.[name] ?? root.definitions?.[name];
  return typeof found === 'object' && found !== null ? (found as RJSFSchema) : undefined;
}
