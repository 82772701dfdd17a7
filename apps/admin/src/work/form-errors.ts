/** Errors as the service writes them, with JSON Pointers, and as the form shows them: at their fields. */
import { ErrorSchemaBuilder, type ErrorSchema, type RJSFValidationError } from '@rjsf/utils';
import type { FieldError } from '../api/shapes.ts';

/** The tree the form wants. `prefix` is what the pointers begin with: `#/output`, or nothing. */
export function errorTree(errors: readonly FieldError[], prefix: string): ErrorSchema {
  const builder = new ErrorSchemaBuilder();
  for (const { pointer, detail } of errors) builder.addErrors(detail, segmentsOf(pointer, prefix));
  return builder.ErrorSchema;
}

/** The list the form wants, to find the first field in. */
export function errorList(errors: readonly FieldError[]): RJSFValidationError[] {
  return errors.map(({ pointer, detail }) => ({
    property: segmentsOf(pointer, '')
      .map((segment) => (/^\d+$/.test(segment) ? `[${segment}]` : `.${segment}`))
      .join(''),
    message: detail,
    stack: detail,
  }));
}

export function segmentsOf(pointer: string, prefix: string): string[] {
  const rest = pointer.startsWith(prefix) ? pointer.slice(prefix.length) : pointer;
  return rest
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}
