import { ActionIcon, Box, Code, CopyButton, Group, SegmentedControl, Stack, Table, Text, Title, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { Icon } from './icons.tsx';

/** Deeper data is shown as JSON: a table within a table within a table is no help. */
const DEEPEST = 3;

/** A task's data, to read as fields or as the JSON that it is. */
export function DataView({
  title,
  value,
  none = 'Nothing yet.',
}: {
  readonly title: string;
  readonly value: unknown;
  readonly none?: string;
}) {
  const [as, setAs] = useState('fields');
  const plain = typeof value !== 'object' || value === null;
  return (
    <Box>
      <Group justify="space-between" mb={6} wrap="nowrap">
        <Title order={3} size="h5">
          {title}
        </Title>
        {value !== undefined && (
          <Group gap={6} wrap="nowrap">
            {!plain && <SegmentedControl size="xs" data={['fields', 'JSON']} value={as} onChange={setAs} aria-label={`Show ${title} as`} />}
            <CopyJson value={value} title={title} />
          </Group>
        )}
      </Group>
      {value === undefined ? (
        <Text size="sm" c="dimmed">
          {none}
        </Text>
      ) : typeof value === 'string' ? (
        <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {value}
        </Text>
      ) : plain || as === 'JSON' ? (
        <JsonBlock value={value} />
      ) : (
        <Fields value={value} depth={0} />
      )}
    </Box>
  );
}

export function JsonBlock({ value }: { readonly value: unknown }) {
  return (
    <Code block mah={420} style={{ overflow: 'auto' }} tabIndex={0}>
      {JSON.stringify(value, null, 2)}
    </Code>
  );
}

function CopyJson({ value, title }: { readonly value: unknown; readonly title: string }) {
  return (
    <CopyButton value={JSON.stringify(value, null, 2)}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : 'Copy as JSON'} withArrow>
          <ActionIcon variant="subtle" color={copied ? 'teal' : 'gray'} onClick={copy} aria-label={`Copy ${title} as JSON`}>
            <Icon name={copied ? 'check' : 'copy'} size={16} />
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

function Fields({ value, depth }: { readonly value: object; readonly depth: number }) {
  const entries = Object.entries(value);
  if (entries.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {Array.isArray(value) ? 'An empty list.' : 'No fields.'}
      </Text>
    );
  return (
    <Table withTableBorder={depth === 0} verticalSpacing={4} layout="auto">
      <Table.Tbody>
        {entries.map(([name, field]) => (
          <Table.Tr key={name}>
            <Table.Th w="1%" style={{ whiteSpace: 'nowrap', verticalAlign: 'top' }} c="dimmed" fw={500} scope="row">
              {Array.isArray(value) ? Number(name) + 1 : name}
            </Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              <Field value={field} depth={depth + 1} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Field({ value, depth }: { readonly value: unknown; readonly depth: number }) {
  if (value === null || typeof value === 'boolean') return <Code>{String(value)}</Code>;
  if (typeof value === 'number') return <span style={{ fontVariantNumeric: 'tabular-nums' }}>{String(value)}</span>;
  if (typeof value === 'object')
    return depth < DEEPEST ? (
      <Stack gap={0}>
        <Fields value={value} depth={depth} />
      </Stack>
    ) : (
      <Code>{JSON.stringify(value)}</Code>
    );
  return <span style={{ whiteSpace: 'pre-wrap' }}>{String(value)}</span>;
}
