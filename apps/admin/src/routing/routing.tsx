import { Badge, Button, Group, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { rulesQuery, type RoutingRule } from '../api/catalog.ts';
import type { Me } from '../api/shapes.ts';
import { TryTask } from '../types/try-task.tsx';
import { usePageTitle } from '../ui/page-title.ts';
import { Empty, Failure, Loading } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { RulesDialog } from './rules-dialog.tsx';

/** Which rule sends which task where; and a task to try them on. */
export function Routing({ me }: { readonly me: Me }) {
  usePageTitle('Routing');
  const saved = useQuery(rulesQuery);
  const [editing, setEditing] = useState(false);
  const rules = saved.data?.value.rules ?? [];
  return (
    <Stack gap="lg">
      <Stack gap="sm">
        <Group justify="space-between">
          <div>
            <Title order={1} size="h3">
              Routing
            </Title>
            <Text size="sm" c="dimmed">
              The first rule that matches decides, when a task is submitted. Tasks that are there already keep their route.
              {saved.data?.value.updatedAt && (
                <>
                  {' '}
                  Changed <Time at={saved.data.value.updatedAt} />.
                </>
              )}
            </Text>
          </div>
          {me.scopes.includes('namespaces:write') && saved.data && <Button onClick={() => setEditing(true)}>Change the rules</Button>}
        </Group>
        {saved.isPending && <Loading rows={3} />}
        {saved.error && <Failure error={saved.error} retry={() => void saved.refetch()} />}
        {saved.isSuccess && rules.length === 0 && <Empty>No rule: every task goes where its type says.</Empty>}
        {rules.length > 0 && <Rules rules={rules} />}
      </Stack>
      {me.scopes.includes('tasks:submit') && (
        <Paper withBorder p="md" component="section" aria-label="Try a task">
          <Title order={2} size="h4" mb="sm">
            Where would a task go?
          </Title>
          <TryTask me={me} />
        </Paper>
      )}
      {saved.data && <RulesDialog opened={editing} saved={saved.data} onClose={() => setEditing(false)} />}
    </Stack>
  );
}

function Rules({ rules }: { readonly rules: readonly RoutingRule[] }) {
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={640} type="native" tabIndex={0} role="region" aria-label="Rules">
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={50}>No.</Table.Th>
              <Table.Th>Rule</Table.Th>
              <Table.Th>A task matches when</Table.Th>
              <Table.Th>Then</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rules.map((rule, i) => (
              <Table.Tr key={rule.name} data-rule={rule.name}>
                <Table.Td>{i + 1}</Table.Td>
                <Table.Td fw={600}>{rule.name}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{conditionsOf(rule).join(' and ') || 'always'}</Table.Td>
                <Table.Td>
                  <Group gap={6}>
                    {rule.route.lane && (
                      <Badge variant="light" tt="none">
                        lane {rule.route.lane}
                      </Badge>
                    )}
                    {rule.route.priority !== undefined && (
                      <Badge variant="light" color="red" tt="none">
                        priority {rule.route.priority}
                      </Badge>
                    )}
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

function conditionsOf({ kind, type, namespace, tags = [], when }: RoutingRule): readonly string[] {
  return [
    ...(kind === undefined ? [] : [`it is ${kind}`]),
    ...(type === undefined ? [] : [`its type is ${type}`]),
    ...(namespace === undefined ? [] : [`its namespace is ${namespace}`]),
    ...(tags.length === 0 ? [] : [`it is tagged ${tags.join(', ')}`]),
    ...(when === undefined ? [] : [when]),
  ];
}
