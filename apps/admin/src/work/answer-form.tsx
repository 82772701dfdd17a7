import '@mantine/dates/styles.css';
import { Alert, Fieldset, JsonInput, Text } from '@mantine/core';
import { Form } from '@rjsf/mantine';
import { useMemo, useState } from 'react';
import type { FieldError, JsonSchema } from '../api/shapes.ts';
import { errorTree } from './form-errors.ts';
import { drawable, uiSchemaOf } from './form-schema.ts';
import { FORM_TEMPLATES, FORM_WIDGETS } from './form-theme.tsx';
import { formValidator } from './form-validator.ts';

export interface AnswerFormProps {
  readonly schema: JsonSchema | boolean | undefined;
  readonly value: unknown;
  readonly disabled: boolean;
  /** What the service found wrong with the last answer; pointers begin with `#/output`. */
  readonly errors: readonly FieldError[];
  /** The form's element, for a button that stands outside of it. */
  readonly id: string;
  readonly onChange: (value: unknown) => void;
  readonly onSubmit: (output: unknown) => void;
  /** How many faults the form has found; 0 once it is sent. */
  readonly onJudged: (faults: number) => void;
}

/** The form drawn from the output schema; an answer whose schema says nothing of fields is typed as JSON. */
export function AnswerForm(props: AnswerFormProps) {
  const schema = useMemo(() => drawable(props.schema), [props.schema]);
  return schema === undefined ? <JsonAnswer {...props} /> : <SchemaAnswer {...props} drawn={schema} />;
}

/** Nobody has said "no" who has said nothing, and nobody fills in a group of fields by looking at it. */
const NOTHING_UNASKED = { requiredBooleanDefault: 'skip', emptyObjectFields: 'skipEmptyDefaults' } as const;

type Drawn = { readonly drawn: NonNullable<ReturnType<typeof drawable>> };

function SchemaAnswer({ drawn, value, disabled, errors, id, onChange, onSubmit, onJudged }: AnswerFormProps & Drawn) {
  const [tried, setTried] = useState(false);
  const ui = useMemo(() => uiSchemaOf(drawn), [drawn]);
  const extra = useMemo(() => errorTree(errors, '#/output'), [errors]);
  return (
    <Fieldset variant="unstyled" disabled={disabled}>
      <Form
        id={id}
        schema={drawn}
        uiSchema={ui}
        validator={formValidator}
        templates={FORM_TEMPLATES}
        widgets={FORM_WIDGETS}
        formData={value}
        disabled={disabled}
        showErrorList={false}
        experimental_defaultFormStateBehavior={NOTHING_UNASKED}
        noHtml5Validate
        focusOnFirstError
        // Never on leaving a field: an error that comes or goes then moves the button away from under the click.
        {...(tried ? { liveValidate: 'onChange' as const } : {})}
        extraErrors={extra}
        onChange={({ formData, errors: found }, changed) => {
          if (changed === undefined) return;
          if (tried) onJudged(found.length);
          onChange(formData);
        }}
        onError={(found) => {
          setTried(true);
          onJudged(found.length);
        }}
        onSubmit={({ formData }) => {
          onJudged(0);
          onSubmit(formData);
        }}
      />
    </Fieldset>
  );
}

const NOT_JSON = 'This is not JSON. A text is written in quotes, a field as "name": value.';

function JsonAnswer({ value, disabled, errors, id, onChange, onSubmit }: AnswerFormProps) {
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value, null, 2);
  const [fault, setFault] = useState<string | null>(null);
  const submit = () => {
    try {
      onSubmit(JSON.parse(text));
      setFault(null);
    } catch {
      setFault(NOT_JSON);
    }
  };
  return (
    <form
      id={id}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <JsonInput
        label="Answer as JSON"
        description="The type says nothing of the answer’s fields."
        autosize
        minRows={4}
        maxRows={20}
        disabled={disabled}
        value={text}
        onChange={onChange}
        error={fault}
        validationError={NOT_JSON}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      {errors.length > 0 && (
        <Alert color="red" mt="xs">
          {errors.map(({ pointer, detail }) => (
            <Text size="sm" key={`${pointer} ${detail}`}>
              <code>{pointer}</code> {detail}
            </Text>
          ))}
        </Alert>
      )}
    </form>
  );
}
