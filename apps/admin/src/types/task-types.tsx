import { Accordion, Anchor, Badge, Button, Group, Modal, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { typesQuery } from '../api/queries.ts';
import type { Me, TaskType } from '../api/shapes.ts';
import { JsonBlock } from '../ui/data-view.tsx';
import { usePageTitle } from '../ui/page-title.ts';
import { Empty, Failure, Loading } from '../ui/states.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { SchemaFields } from './schema-fields.tsx';
import { TryTask } from './try-task.tsx';

const KINDS: Readonly<Record<string, string>> = { automated: 'indigo', manual: 'yellow', integration: 'teal' };

/** What there is to be done, and by whom; a type is published and tried here, too. */
export function TaskTypes({ me }: { readonly me: Me }) {
  usePageTitle('Task types');
  const types = useQuery(typesQuery);
  const [sought, setSought] = useState('');
  const [opened, setOpened] = useState<string | null>(null);
  const [tried, setTried] = useState<TaskType | null>(null);
  const [from, setFrom] = useState<{ readonly type?: TaskType; readonly highest: number } | null>(null);
  const all = [...(types.data?.items ?? [])].sort((a, b) => a.name.localeCompare(b.name) || b.version - a.version);
  const items = all.filter(({ name, title = '' }) => `${name} ${title}`.toLowerCase().includes(sought.trim().toLowerCase()));
  const highestOf = ({ name }: TaskType) => Math.max(...all.filter((one) => one.name === name).map(({ version }) => version));
  const publishes = me.scopes.includes('types:write');
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={1} size="h3">
          Task types
        </Title>
        <Group gap="xs">
          <TextInput
            type="search"
            aria-label="Search task types"
            placeholder="Search"
            value={sought}
            onChange={(event) => setSought(event.currentTarget.value)}
          />
          {publishes && <Button onClick={() => setFrom({ highest: 0 })}>Publish a type</Button>}
        </Group>
      </Group>
      {types.isPending && <Loading />}
      {types.error && <Failure error={types.error} retry={() => void types.refetch()} />}
      {types.isSuccess && items.length === 0 && (
        <Empty>{all.length === 0 ? 'No task type yet. Publish the first.' : 'No type has such a name or title.'}</Empty>
      )}
      <Accordion variant="separated" order={2} value={opened} onChange={setOpened}>
        {items.map((type) => (
          <Accordion.Item key={refOf(type)} value={refOf(type)}>
            <Accordion.Control>
              <Group gap="xs">
                <Text fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
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
              <One
                type={type}
                {...(me.scopes.includes('tasks:submit') ? { onTry: () => setTried(type) } : {})}
                {...(publishes ? { onNext: () => setFrom({ type, highest: highestOf(type) }) } : {})}
              />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      <Modal opened={tried !== null} onClose={() => setTried(null)} title={`Try ${tried ? refOf(tried) : ''}`} centered size="lg">
        {tried && <TryTask me={me} type={refOf(tried)} />}
      </Modal>
      <PublishDialog
        from={from}
        onClose={() => setFrom(null)}
        onPublished={(type) => {
          setFrom(null);
          setSought('');
          setOpened(refOf(type));
        }}
      />
    </Stack>
  );
}

function One({ type, onTry, onNext }: { readonly type: TaskType; readonly onTry?: () => void; readonly onNext?: () => void }) {
  const { name: _name, version: _version, inputSchema, outputSchema, title: _title, description, ...rest } = type;
  return (
    <Stack gap="sm">
      {description && <Text size="sm">{description}</Text>}
      <Group gap="sm">
        <Anchor component={Link} href={`/tasks?type=${encodeURIComponent(refOf(type))}`} size="sm">
          Its tasks
        </Anchor>
        {onTry && (
          <Button size="xs" variant="default" onClick={onTry} aria-label={`Try ${refOf(type)}`}>
            Try it…
          </Button>
        )}
        {onNext && (
          <Button size="xs" variant="default" onClick={onNext} aria-label={`New version of ${type.name}`}>
            New version…
          </Button>
        )}
      </Group>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Schema title="Input" schema={inputSchema} />
        <Schema title="Output" schema={outputSchema} />
      </SimpleGrid>
      <details>
        <Text component="summary" size="sm" style={{ cursor: 'pointer' }}>
          Retry, timeouts and all the rest
        </Text>
        <JsonBlock value={rest} label={`The rest of ${refOf(type)}`} />
      </details>
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
        <SchemaFields schema={schema} />
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
