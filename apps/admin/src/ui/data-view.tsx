import {
  ActionIcon,
  Anchor,
  Box,
  Button,
  Code,
  CopyButton,
  Group,
  SegmentedControl,
  Stack,
  Table,
  Text,
  Title,
  Tooltip,
} from '@mantine/core';
import { useState } from 'react';
import { columnsOf } from './columns.ts';
import { Icon } from './icons.tsx';

/** Deeper data is shown as JSON: a table within a table within a table is no help. */
const DEEPEST = 3;
/** What is shown at once of a list, and of a text; the rest is a click away. */
const FIRST_ROWS = 25;
const FIRST_LETTERS = 600;
/** Longer JSON makes the page slow; the button beside it copies all of it. */
const MOST_JSON = 200_000;

/** A task's data, to read as fields or as the JSON that it is. */
export function DataView({
  title,
  value,
  none = 'Nothing yet.',
  order = 3,
}: {
  readonly title: string;
  readonly value: unknown;
  readonly none?: string;
  /** Of its heading, in the page where it stands. */
  readonly order?: 2 | 3;
}) {
  const [as, setAs] = useState('fields');
  const plain = typeof value !== 'object' || value === null;
  return (
    <Box>
      <Group justify="space-between" mb={6} wrap="nowrap">
        <Title order={order} size="h5">
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
        <Text size="sm" component="div">
          <Words text={value} />
        </Text>
      ) : plain || as === 'JSON' ? (
        <JsonBlock value={value} label={`${title} as JSON`} />
      ) : (
        <Fields value={value} depth={0} />
      )}
    </Box>
  );
}

export function JsonBlock({ value, label }: { readonly value: unknown; readonly label?: string }) {
  const text = JSON.stringify(value, null, 2) ?? '';
  return (
    <Code block mah={420} style={{ overflow: 'auto' }} tabIndex={0} role="region" aria-label={label ?? 'JSON'}>
      {text.length > MOST_JSON
        ? `${text.slice(0, MOST_JSON)}\n… and ${(text.length - MOST_JSON).toLocaleString('en')} characters more`
        : text}
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
  const [all, setAll] = useState(false);
  const columns = Array.isArray(value) ? columnsOf(value) : undefined;
  const entries = Object.entries(value);
  if (entries.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {Array.isArray(value) ? 'An empty list.' : 'No fields.'}
      </Text>
    );
  const shown = all ? entries : entries.slice(0, FIRST_ROWS);
  return (
    <>
      {columns === undefined ? (
        <Table withTableBorder={depth === 0} verticalSpacing={4} layout="auto">
          <Table.Tbody>
            {shown.map(([name, field]) => (
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
      ) : (
        <Rows columns={columns} rows={shown.map(([, row]) => row as Readonly<Record<string, unknown>>)} bordered={depth === 0} />
      )}
      {shown.length < entries.length && (
        <Button size="compact-sm" variant="subtle" onClick={() => setAll(true)} style={{ alignSelf: 'flex-start' }}>
          Show all {entries.length.toLocaleString('en')}
        </Button>
      )}
    </>
  );
}

/** A list of alike things, as a table of them. */
function Rows(props: {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly bordered: boolean;
}) {
  return (
    <Table.ScrollContainer minWidth={props.columns.length * 90} type="native" tabIndex={0} role="region" aria-label="Rows">
      <Table withTableBorder={props.bordered} verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            {props.columns.map((name) => (
              <Table.Th key={name} c="dimmed" fw={500} scope="col">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.rows.map((row, i) => (
            // What was sent does not change.
            // oxlint-disable-next-line react/no-array-index-key
            <Table.Tr key={i}>
              {props.columns.map((name) => (
                <Table.Td key={name} style={{ overflowWrap: 'anywhere' }}>
                  {row[name] === undefined ? '' : <Field value={row[name]} depth={DEEPEST} />}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
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
  return <Words text={String(value)} />;
}

/** A text: its beginning where it is long, and a link where it is one. */
function Words({ text }: { readonly text: string }) {
  const [all, setAll] = useState(false);
  if (/^https?:\/\/\S+$/.test(text))
    return (
      <Anchor href={text} target="_blank" rel="noopener noreferrer" inherit>
        {text}
      </Anchor>
    );
  const long = text.length > FIRST_LETTERS && !all;
  return (
    <>
      <span style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{long ? `${text.slice(0, FIRST_LETTERS)}…` : text}</span>
      {long && (
        <Button size="compact-sm" variant="subtle" display="block" onClick={() => setAll(true)}>
          Show all {text.length.toLocaleString('en')} characters
        </Button>
      )}
    </>
  );
}
