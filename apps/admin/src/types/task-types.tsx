import { Accordion, Anchor, Badge, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { typesQuery } from '../api/queries.ts';
import type { TaskType } from '../api/shapes.ts';
import { JsonBlock } from '../ui/data-view.tsx';
import { usePageTitle } from '../ui/page-title.ts';
import { Empty, Failure, Loading } from '../ui/states.tsx';

const KINDS: Readonly<Record<string, string>> = { automated: 'indigo', manual: 'yellow', integration: 'teal' };

export function TaskTypes() {
  usePageTitle('Task types');
  const types = useQuery(typesQuery);
  const items = [...(types.data?.items ?? [])].sort((a, b) => a.name.localeCompare(b.name) || b.version - a.version);
  return (
    <Stack gap="sm">
      <Title order={1} size="h3">
        Task types
      </Title>
      {types.isPending && <Loading />}
      {types.error && <Failure error={types.error} retry={() => void types.refetch()} />}
      {types.isSuccess && items.length === 0 && <Empty>No task type yet. Register one through the API.</Empty>}
      <Accordion variant="separated" order={2}>
        {items.map((type) => (
          <Accordion.Item key={refOf(type)} value={refOf(type)}>
            <Accordion.Control>
              <Group gap="xs">
                <Text fw={600} size="sm">
                  {refOf(type)}
                </Text>
                <Badge variant="light" color={KINDS[type.kind] ?? 'gray'} tt="none">
                  {type.kind}
                </Badge>
                {type.title && (
                  <Text size="sm" c="dimmed">
                    {type.title}
                  </Text>
                )}
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              <Stack gap="sm">
                {type.description && <Text size="sm">{type.description}</Text>}
                <Anchor component={Link} href={`/tasks?type=${encodeURIComponent(refOf(type))}`} size="sm">
                  Its tasks
                </Anchor>
                <SimpleGrid cols={{ base: 1, md: 2 }}>
                  <Schema title="Input schema" schema={type.inputSchema} />
                  <Schema title="Output schema" schema={type.outputSchema} />
                </SimpleGrid>
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Stack>
  );
}

function Schema({ title, schema }: { readonly title: string; readonly schema: TaskType['inputSchema'] }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text size="sm" fw={600} mb={4}>
        {title}
      </Text>
      {typeof schema === 'object' ? (
        <JsonBlock value={schema} />
      ) : (
        <Text size="sm" c="dimmed">
          Checked in code, or anything goes.
        </Text>
      )}
    </div>
  );
}

function refOf({ name, version }: TaskType): string {
  return `${name}@${version}`;
}
