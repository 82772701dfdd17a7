/** The type that a submission names, or what is wrong with its name. */
import type { JsonObject } from '@errand/core/json';
import type { FieldError } from './problem.ts';
import type { CheckedType, Service } from './service.ts';

/** The type of `body`, by its highest version when it names none; adds what is wrong to `errors`. */
export async function findSubmittedType(
  { types }: Pick<Service, 'types'>,
  namespace: string,
  body: JsonObject,
  errors: FieldError[],
): Promise<CheckedType | undefined> {
  const { type, version } = body;
  if (typeof type !== 'string') {
    errors.push({
      pointer: '#/type',
      detail: type === undefined ? 'is required' : 'must be a text',
      keyword: type === undefined ? 'required' : 'type',
    });
    return undefined;
  }
  if (version !== undefined && (typeof version !== 'number' || !Number.isInteger(version) || version < 1)) {
    errors.push({ pointer: '#/version', detail: 'must be a whole number from 1' });
    return undefined;
  }
  const checked = await types.find(namespace, type, version as number | undefined);
  if (checked === undefined)
    errors.push({
      pointer: version === undefined ? '#/type' : '#/version',
      detail: `there is no task type ${type.slice(0, 200)}${version === undefined ? '' : `@${String(version)}`}`,
      keyword: 'unknown_type',
    });
  return checked;
}

/** Errors that give the whole problem their code. */
const CODES = ['unknown_type', 'blocked_destination'];

/** The code of a problem with these errors: a type that is not there is told from a task that does not fit. */
export function codeOf(errors: readonly FieldError[]): string {
  return CODES.find((code) => errors.some(({ keyword }) => keyword === code)) ?? 'input_invalid';
}
