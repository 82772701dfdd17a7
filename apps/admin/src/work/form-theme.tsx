/** Where the form library's own drawing is not what a person expects: choices, and groups of fields. */
import { Box, Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { Templates } from '@rjsf/mantine';
import { useEffect, useRef } from 'react';
import { localTime, timeOfLocal } from '../ui/local-time.ts';
import {
  enumOptionValueDecoder,
  enumOptionValueEncoder,
  getTemplate,
  getUiOptions,
  ERRORS_KEY,
  type ArrayFieldItemTemplateProps,
  type ArrayFieldTemplateProps,
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
  // What is in a list is named after its place.
  const inList = typeof fieldPathId.path.at(-1) === 'number';
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
          {inList ? title.replace(/-(\d+)$/, ' $1') : title}
          {required === true && !inList && ' *'}
        </Text>
      )}
      {nested && description && (
        <Text size="xs" c="dimmed" mb={6}>
          {description}
        </Text>
      )}
      <Faults of={props.errorSchema?.[ERRORS_KEY]} />
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

/** A list to add to: looks like a group, says what its buttons do, and keeps the focus where the work goes on. */
function FieldList({
  title,
  schema,
  items,
  canAdd,
  onAddClick,
  disabled,
  readonly,
  required,
  rawErrors,
  fieldPathId,
}: ArrayFieldTemplateProps) {
  const box = useRef<HTMLDivElement>(null);
  const before = useRef(items.length);
  useEffect(() => {
    const grown = items.length > before.current;
    const shrunk = items.length < before.current;
    before.current = items.length;
    const lost = document.activeElement === document.body;
    if (grown && box.current?.contains(document.activeElement))
      firstField(box.current.querySelector('[data-items]')?.lastElementChild)?.focus();
    if (shrunk && lost) box.current?.querySelector<HTMLElement>('[data-add]')?.focus();
  }, [items.length]);
  return (
    <Box
      ref={box}
      id={fieldPathId.$id}
      role="group"
      aria-label={title}
      pl="md"
      style={{ borderLeft: '2px solid var(--mantine-color-default-border)' }}
    >
      <Text fw={600} size="sm" mb={6}>
        {title}
        {required === true && ' *'}
      </Text>
      {schema.description && (
        <Text size="xs" c="dimmed" mb={6}>
          {schema.description}
        </Text>
      )}
      <Faults of={rawErrors} />
      <Stack gap="sm" data-items>
        {items}
      </Stack>
      {canAdd === true && (
        <Button size="xs" variant="default" mt="xs" data-add onClick={onAddClick} disabled={disabled === true || readonly === true}>
          Add to {title}
        </Button>
      )}
    </Box>
  );
}

function ListItem({ children, buttonsProps, index, totalItems, disabled, readonly }: ArrayFieldItemTemplateProps) {
  const { hasRemove, hasMoveUp, hasMoveDown, onRemoveItem, onMoveUpItem, onMoveDownItem } = buttonsProps;
  const closed = disabled === true || readonly === true;
  const buttons = [
    [hasMoveUp && index > 0, 'Up', onMoveUpItem],
    [hasMoveDown && index < totalItems - 1, 'Down', onMoveDownItem],
    [hasRemove, 'Remove', onRemoveItem],
  ] as const;
  return (
    <Box>
      {children}
      <Group gap={4} mt={4} justify="flex-end">
        {buttons.map(([shown, words, act]) =>
          shown ? (
            <Button key={words} size="compact-xs" variant="subtle" disabled={closed} aria-label={`${words} ${index + 1}`} onClick={act}>
              {words}
            </Button>
          ) : null,
        )}
      </Group>
    </Box>
  );
}

/** What is wrong with a group or a list as a whole. */
function Faults({ of }: { readonly of: readonly string[] | undefined }) {
  if (of === undefined || of.length === 0) return null;
  return (
    <Text size="xs" c="red" mb={6}>
      {of.join('; ')}
    </Text>
  );
}

function firstField(within: Element | null | undefined): HTMLElement | null | undefined {
  return within?.querySelector<HTMLElement>('input:not([type="hidden"]), textarea');
}

/** A date, or a time on one, in the browser's own field: typed or picked, in the order of days and months that its reader is used to. */
function dateField(type: 'date' | 'datetime-local') {
  return function DateField({ id, value, required, disabled, readonly, label, hideLabel, rawErrors, schema, onChange }: WidgetProps) {
    const shown = typeof value !== 'string' ? '' : type === 'date' ? value : localTime(value);
    return (
      <TextInput
        id={id}
        name={id}
        type={type}
        maw={260}
        label={hideLabel === true ? undefined : label}
        description={schema.description}
        withAsterisk={required ?? false}
        disabled={disabled === true || readonly === true}
        error={rawErrors === undefined || rawErrors.length === 0 ? undefined : rawErrors.join('\n')}
        value={shown}
        onChange={({ currentTarget }) =>
          onChange(currentTarget.value === '' ? undefined : type === 'date' ? currentTarget.value : timeOfLocal(currentTarget.value))
        }
      />
    );
  };
}

export const FORM_TEMPLATES = {
  ...Templates,
  ObjectFieldTemplate: FieldGroup,
  ArrayFieldTemplate: FieldList,
  ArrayFieldItemTemplate: ListItem,
} as Partial<TemplatesType>;
export const FORM_WIDGETS = { RadioWidget: Choices, DateWidget: dateField('date'), DateTimeWidget: dateField('datetime-local') };
