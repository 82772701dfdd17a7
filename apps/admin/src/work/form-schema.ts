/** How an output schema is drawn: which widgets suit its fields, and whether the form library can draw it at all. */
import type { RJSFSchema, UiSchema } from '@rjsf/utils';
import type { JsonSchema } from '../api/shapes.ts';

/** Choices shown at once; more are a list to open. */
const MAX_RADIOS = 4;
/** Texts that may be longer than this get room for several lines. */
const LONG_TEXT = 120;
const LONG_NAME = /comment|note|reason|description|message|text|summary|justification|explanation/i;

/** The schema to draw; `undefined` for one that says nothing of fields: such an answer is typed as JSON. */
export function drawable(schema: JsonSchema | boolean | undefined): RJSFSchema | undefined {
  if (typeof schema !== 'object') return undefined;
  // The form's engine reads the newest draft; the service decides by the schema as it was written.
  const { $schema: _draft, $id: _id, ...rest } = schema;
  const shaped = ['properties', 'enum', 'oneOf', 'anyOf', 'allOf', '$ref', 'items'].some((keyword) => keyword in rest);
  const plain = ['string', 'number', 'integer', 'boolean'].includes(String(rest['type']));
  return shaped || plain ? (rest as RJSFSchema) : undefined;
}

/** Widgets by what a field holds. */
export function uiSchemaOf(schema: RJSFSchema): UiSchema {
  return { 'ui:submitButtonOptions': { norender: true }, ...uiOf('', schema) };
}

function uiOf(name: string, schema: unknown): UiSchema {
  if (typeof schema !== 'object' || schema === null) return {};
  const { type, enum: choices, oneOf, properties, items, maxLength, format } = schema as RJSFSchema;
  const options = choices ?? (oneOf?.every((one) => typeof one === 'object' && 'const' in one) === true ? oneOf : undefined);
  if (options !== undefined) return options.length <= MAX_RADIOS ? { 'ui:widget': 'radio' } : {};
  // A number out of bounds is an error at its field; the library would change it behind the person's back.
  if (type === 'number' || type === 'integer') return { 'ui:options': { clampBehavior: 'none' } };
  if (type === 'boolean') return { 'ui:widget': 'radio' };
  if (
    type === 'string' &&
    format === undefined &&
    (Number(maxLength ?? 0) > LONG_TEXT || (maxLength === undefined && LONG_NAME.test(name)))
  )
    return { 'ui:widget': 'textarea', 'ui:options': { autosize: true, minRows: 3, maxRows: 12 } };
  if (properties !== undefined) return Object.fromEntries(Object.entries(properties).map(([member, one]) => [member, uiOf(member, one)]));
  if (typeof items === 'object' && !Array.isArray(items)) return { items: uiOf(name, items) };
  return {};
}
