import { Box, Code, CopyButton, Button, Group, Text, Title } from '@mantine/core';

export function JsonView({ title, value }: { readonly title: string; readonly value: unknown }) {
  const text = JSON.stringify(value, null, 2) ?? '';
  return (
    <Box>
      <Group justify="space-between" mb={4}>
        <Title order={3} size="h5">
          {title}
        </Title>
        {text && (
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <Button size="compact-xs" variant="subtle" onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
        )}
      </Group>
      {text ? (
        <Code block mah={420} style={{ overflow: 'auto' }}>
          {text}
        </Code>
      ) : (
        <Text size="sm" c="dimmed">
          Nothing yet.
        </Text>
      )}
    </Box>
  );
}
