/** Where the form library's own drawing is not what a person expects: choices, and groups of fields. */
import { Box, Group, Radio, Stack, Text } from '@mantine/core';
import { Templates } from '@rjsf/mantine';
import {
  enumOptionValueDecoder,
  enumOptionValueEncoder,
  getTemplate,
  getUiOptions,
  type ObjectFieldTemplateProps,
  type TemplatesType,
  type WidgetProps,
} from '@rjsf/utils';

/** Choices side by side. None is chosen until somebody chooses: the library's takes "no answer" for "No". */
function Choices({ id, value, required, disabled, readonly, label, hideLabel, rawErrors, schema, options, onChange }: WidgetProps) {
  const choices = options.enumOptions ?? [];
  const chosen = choices.findIndex((choice) => choice.value === value);
  return (
    <Radio.Group
      id={id}
      name={id}
      value={chosen < 0 ? null : enumOptionValueEncoder(value, chosen, 'indexed')}
      onChange={(next) => onChange(enumOptionValueDecoder(next, choices, 'indexed', options.emptyValue))}
      label={hideLabel === true ? undefined : label}
      description={options.description ?? schema.description}
      withAsterisk={required ?? false}
      error={rawErrors === undefined || rawErrors.length === 0 ? undefined : rawErrors.join('\n')}
    >
      <Group gap="lg" mt={6} mb={4}>
        {choices.map((choice, i) => (
          <Radio
            key={String(choice.value)}
            value={enumOptionValueEncoder(choice.value, i, 'indexed')}
            label={choice.label}
            disabled={disabled === true || readonly === true}
          />
        ))}
      </Group>
    </Radio.Group>
  );
}

/** Fields below each other, over the whole width; a group within a group has a rule at its side. */
function FieldGroup(props: ObjectFieldTemplateProps) {
  const { title, description, properties, fieldPathId, optionalDataControl, schema, uiSchema, registry, required, disabled, readonly } =
    props;
  const nested = fieldPathId.path.length > 0;
  const Expand = getTemplate<'ButtonTemplates'>('ButtonTemplates', registry, getUiOptions(uiSchema)).AddButton;
  const mayAdd =
    schema.additionalProperties !== undefined && schema.additionalProperties !== false && disabled !== true && readonly !== true;
  return (
    <Box
      id={fieldPathId.$id}
      role={nested ? 'group' : undefined}
      aria-label={nested ? title : undefined}
      {...(nested ? { pl: 'md', style: { borderLeft: '2px solid var(--mantine-color-default-border)' } } : {})}
    >
      {nested && title && (
        <Text fw={600} size="sm" mb={6}>
          {title}
          {required === true && ' *'}
        </Text>
      )}
      {nested && description && (
        <Text size="xs" c="dimmed" mb={6}>
          {description}
        </Text>
      )}
      {optionalDataControl}
      <Stack gap="sm">
        {properties
          .filter(({ hidden }) => !hidden)
          .map(({ name, content }) => (
            <div key={name}>{content}</div>
          ))}
      </Stack>
      {mayAdd && (
        <Group mt="xs">
          <Expand registry={registry} {...(uiSchema === undefined ? {} : { uiSchema })} onClick={props.onAddProperty} />
        </Group>
      )}
    </Box>
  );
}

export const FORM_TEMPLATES = { ...Templates, ObjectFieldTemplate: FieldGroup } as Partial<TemplatesType>;
export const FORM_WIDGETS = { RadioWidget: Choices };
