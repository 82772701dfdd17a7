import { Accordion, Badge, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { typesQuery } from '../api/queries.ts';
import { JsonView } from '../ui/json-view.tsx';
import { Empty, Failure, Loading } from '../ui/states.tsx';

export function TaskTypes() {
  const types = useQuery(typesQuery);
  return (
    <Stack>
      <Title order={1} size="h2">
        Task types
      </Title>
      {types.isPending && <Loading />}
      {types.error && <Failure error={types.error} retry={() => void types.refetch()} />}
      {types.data?.items.length === 0 && <Empty>No task type yet. Register one through the API.</Empty>}
      <Accordion variant="separated">
        {types.data?.items.map((type) => (
          <Accordion.Item key={`${type.name}@${type.version}`} value={`${type.name}@${type.version}`}>
            <Accordion.Control>
              <Group gap="xs">
                <Text fw={600}>
                  {type.name}@{type.version}
                </Text>
                <Badge variant="light" tt="none">
                  {type.kind}
                </Badge>
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              {type.description && <Text mb="sm">{type.description}</Text>}
              <SimpleGrid cols={{ base: 1, md: 2 }}>
                <JsonView title="Input schema" value={type.inputSchema} />
                <JsonView title="Output schema" value={type.outputSchema} />
              </SimpleGrid>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Stack>
  );
}
