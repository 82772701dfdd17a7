import { Table, Text } from '@mantine/core';
import type { JsonSchema } from '../api/shapes.ts';
import { JsonBlock } from '../ui/data-view.tsx';

/** An object's fields as a table; the schema itself is a click away, and stands alone where it is not one of fields. */
export function SchemaFields({ schema }: { readonly schema: JsonSchema }) {
  const properties = schema['properties'];
  const fields = typeof properties === 'object' && properties !== null ? Object.entries(properties as JsonSchema) : [];
  const required = Array.isArray(schema['required']) ? (schema['required'] as readonly unknown[]) : [];
  if (fields.length === 0) return <JsonBlock value={schema} label="Schema" />;
  return (
    <>
      <Table withTableBorder verticalSpacing={4} layout="auto" mb={6}>
        <Table.Tbody>
          {fields.map(([name, field]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={500} style={{ verticalAlign: 'top' }}>
                {name}
                {required.includes(name) && (
                  <Text span c="red" title="required">
                    {' '}
                    *
                  </Text>
                )}
              </Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{wordsOf(field)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <details>
        <Text component="summary" size="xs" c="dimmed" style={{ cursor: 'pointer' }}>
          The schema
        </Text>
        <JsonBlock value={schema} label="Schema" />
      </details>
    </>
  );
}

/** "string (date), at most 30 characters": the gist of a field. */
function wordsOf(field: unknown): string {
  if (typeof field !== 'object' || field === null) return 'anything';
  const { type, format, enum: choices, const: only, items, title, description, ...rest } = field as JsonSchema;
  const what =
    only !== undefined
      ? `always ${JSON.stringify(only)}`
      : Array.isArray(choices)
        ? `one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`
        : type === 'array'
          ? `list of ${wordsOf(items)}`
          : [type ?? 'anything'].flat().join(' or ');
  const limits = Object.entries(rest).filter(([, value]) => typeof value === 'number' || typeof value === 'string');
  const said = [title, description].filter((words) => typeof words === 'string').join(': ');
  return [
    `${what}${typeof format === 'string' ? ` (${format})` : ''}`,
    ...limits.map(([name, value]) => `${name} ${String(value)}`),
    ...(said ? [said] : []),
  ].join(', ');
}
