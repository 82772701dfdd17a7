import { ActionIcon, Badge, Button, Code, CopyButton, Group, Paper, Stack, Text, Title, Tooltip } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { hooksQuery, type Hook } from '../api/catalog.ts';
import { Icon } from '../ui/icons.tsx';
import { More } from '../ui/more.tsx';
import { Empty, Failure, Loading } from '../ui/states.tsx';
import { Deliveries } from './deliveries.tsx';

/** Hooks, what they do with an event, and what came to them. */
export function Hooks() {
  const list = useInfiniteQuery(hooksQuery);
  const hooks = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Stack gap="sm" component="section" aria-label="Hooks">
      <Title order={2} size="h4">
        Hooks
      </Title>
      {list.isPending && <Loading rows={2} />}
      {list.error && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && hooks.length === 0 && <Empty>No hook yet. One is made by the API, with its secrets: POST /v1/hooks.</Empty>}
      {hooks.map((hook) => (
        <One key={hook.id} hook={hook} />
      ))}
      <More list={list} />
    </Stack>
  );
}

function One({ hook }: { readonly hook: Hook }) {
  const [shown, setShown] = useState(false);
  return (
    <Paper withBorder p="md" data-hook={hook.name}>
      <Group justify="space-between" gap="sm" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Text fw={600} size="sm">
              {hook.name}
            </Text>
            <Badge variant="light" color="gray" tt="none">
              {hook.preset}
            </Badge>
          </Group>
          <Group gap={4} wrap="nowrap" my={4}>
            <Code style={{ overflowWrap: 'anywhere' }}>{hook.url}</Code>
            <CopyButton value={hook.url}>
              {({ copied, copy }) => (
                <Tooltip label={copied ? 'Copied' : 'Copy the URL'} withArrow>
                  <ActionIcon variant="subtle" color={copied ? 'teal' : 'gray'} onClick={copy} aria-label={`Copy the URL of ${hook.name}`}>
                    <Icon name={copied ? 'check' : 'copy'} size={16} />
                  </ActionIcon>
                </Tooltip>
              )}
            </CopyButton>
          </Group>
          {hook.on.map((rule) => (
            <Text size="sm" c="dimmed" key={JSON.stringify(rule)} style={{ overflowWrap: 'anywhere' }}>
              {rule.when === undefined ? 'Always' : `When ${bare(rule.when)}`}:{' '}
              {rule.submit ? `submits ${rule.submit.type}` : `finishes the task that waits for ${bare(rule.complete?.correlation ?? '')}`}
            </Text>
          ))}
        </div>
        <Button
          size="xs"
          variant="default"
          aria-expanded={shown}
          aria-label={`${shown ? 'Hide' : 'Show'} deliveries of ${hook.name}`}
          onClick={() => setShown(!shown)}
        >
          {shown ? 'Hide deliveries' : 'Deliveries'}
        </Button>
      </Group>
      {shown && <Deliveries hookId={hook.id} />}
    </Paper>
  );
}

/** An expression without the signs around it. */
function bare(expression: string): string {
  return /^\$\{(.*)\}$/s.exec(expression.trim())?.[1] ?? expression;
}
