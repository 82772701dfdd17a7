/**
 * The service's own schema engine as the form's validator: the same words in the form as in the service's answer. It compiles
 * to closures, so the page needs no permission to make code from text.
 */
import type { Json } from '@errand/core/json';
import { compileJsonSchema, type Compilation } from '@errand/core/validator/json-schema';
import {
  createErrorHandler,
  toErrorSchema,
  unwrapErrorHandler,
  validationDataMerge,
  type RJSFSchema,
  type ValidatorType,
} from '@rjsf/utils';
import type { FieldError } from '../api/shapes.ts';
import { errorList, errorTree } from './form-errors.ts';
import { missingFields } from './missing-fields.ts';

type CompiledSchema = Extract<Compilation, { ok: true }>['validator'];
type ValidationError = Extract<Compilation, { ok: false }>['faults'][number];

const compiled = new WeakMap<object, CompiledSchema | null>();

export const formValidator: ValidatorType = {
  validateFormData(formData, schema, customValidate, transformErrors, uiSchema) {
    const found = errorsOf(schema, formData);
    const errors = transformErrors?.(errorList(found), uiSchema) ?? errorList(found);
    const data = { errors, errorSchema: transformErrors === undefined ? errorTree(found, '') : toErrorSchema(errors) };
    if (customValidate === undefined) return data;
    const handled = customValidate(formData, createErrorHandler(formData), uiSchema);
    return validationDataMerge(data, unwrapErrorHandler(handled));
  },
  isValid(schema, formData, rootSchema) {
    // A part of a schema refers to the definitions of the whole.
    const { $defs, definitions } = rootSchema;
    return errorsOf({ ...($defs && { $defs }), ...(definitions && { definitions }), ...schema }, formData).length === 0;
  },
  rawValidation: (schema, formData) => ({ errors: errorsOf(schema, formData) as never[] }),
};

function errorsOf(schema: RJSFSchema, value: unknown): readonly FieldError[] {
  const validator = compile(schema);
  // A schema that the engine refuses was refused when it was registered: the service decides.
  if (validator === null) return [];
  // Through text: fields that were emptied are `undefined`, and JSON knows no such thing.
  const json = value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json);
  const result = validator.validate(json);
  return result.ok ? [] : result.errors.flatMap((error) => fieldErrorsOf(error, schema));
}

/** What is missing is pointed at where it should be, as the service does: those are the fields to show it at. */
function fieldErrorsOf({ pointer, detail, params }: ValidationError, schema: RJSFSchema): readonly FieldError[] {
  const missing = params?.['missing'];
  if (typeof missing !== 'string') return [{ pointer, detail }];
  const at = `${pointer}/${missing.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return missingFields(schema, at).map((field) => ({ pointer: field, detail: 'is required' }));
}

function compile(schema: RJSFSchema): CompiledSchema | null {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const compilation = compileJsonSchema(schema as Json);
  const validator = compilation.ok ? compilation.validator : null;
  compiled.set(schema, validator);
  return validator;
}
