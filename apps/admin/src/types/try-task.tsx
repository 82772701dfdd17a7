import { Alert, Button, Group, Select, Stack, TagsInput, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Judgement } from '../api/catalog.ts';
import { api } from '../api/client.ts';
import { typesQuery } from '../api/queries.ts';
import type { Me, Task } from '../api/shapes.ts';
import { JsonField, parsedJson } from '../ui/json-field.tsx';
import { Failure } from '../ui/states.tsx';
import { exampleOf } from './example.ts';

/** A task to check, route and submit by hand. Nothing is made before "Submit". */
export function TryTask({ me, type: given }: { readonly me: Me; readonly type?: string }) {
  const types = useQuery(typesQuery);
  const refs = (types.data?.items ?? []).map(({ name, version }) => `${name}@${version}`).sort();
  const [type, setType] = useState(given ?? null);
  const [typed, setTyped] = useState<string | null>(null);
  const [tags, setTags] = useState<string[]>([]);
  const [, go] = useLocation();
  const known = types.data?.items.find(({ name, version }) => `${name}@${version}` === type);
  const text = typed ?? JSON.stringify(exampleOf(known?.inputSchema), null, 2);
  const parsed = parsedJson(text);
  const task = () => ({
    type: known?.name,
    version: known?.version,
    input: parsed.ok ? parsed.value : null,
    ...(tags.length === 0 ? {} : { tags }),
  });
  const check = useMutation({ mutationFn: () => api<Judgement>('/tasks:validate', { method: 'POST', body: task() }) });
  const submit = useMutation({
    mutationFn: () => api<Task>('/tasks', { method: 'POST', body: task() }),
    onSuccess: ({ id }) => go(me.scopes.includes('tasks:read') ? `/tasks/${id}` : '/tasks'),
  });
  const forget = () => {
    check.reset();
    submit.reset();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        check.mutate();
      }}
    >
      <Stack gap="sm">
        {given === undefined && (
          <Select
            label="Type"
            searchable
            data={refs}
            value={type}
            onChange={(value) => {
              setType(value);
              setTyped(null);
              forget();
            }}
          />
        )}
        <JsonField
          label="Input"
          value={text}
          autoFocus={given !== undefined}
          onChange={(value) => {
            setTyped(value);
            forget();
          }}
        />
        <TagsInput
          label="Tags"
          value={tags}
          acceptValueOnBlur
          onChange={(value) => {
            setTags(value);
            forget();
          }}
        />
        <div aria-live="polite">{check.data && <Verdict of={check.data} />}</div>
        {check.error && <Failure error={check.error} />}
        {submit.error && <Failure error={submit.error} />}
        <Group justify="flex-end">
          <Button type="submit" variant="default" loading={check.isPending} disabled={!parsed.ok || known === undefined}>
            Check
          </Button>
          <Button loading={submit.isPending} disabled={!parsed.ok || known === undefined} onClick={() => submit.mutate()}>
            Submit
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Verdict({ of: { valid, errors, route } }: { readonly of: Judgement }) {
  return (
    <Alert color={valid ? 'teal' : 'red'} title={valid ? 'It would be taken' : 'It would be refused'}>
      {errors.map(({ pointer, detail }) => (
        <Text size="sm" key={`${pointer} ${detail}`}>
          <code>{pointer}</code> {detail}
        </Text>
      ))}
      {route && (
        <Text size="sm">
          To {route.executor}, on lane {route.lane}, by {route.rule === 'default' ? 'its type: no rule matches' : `the rule ${route.rule}`}.{' '}
          {route.reason}
        </Text>
      )}
    </Alert>
  );
}
