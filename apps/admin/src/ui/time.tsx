import { Text, Tooltip } from '@mantine/core';
import { useEffect, useReducer } from 'react';
import { ago, exactly } from './when.ts';

/** A time as people say it, the exact one on hover; it ages on the screen without asking the service. */
export function Time({ at }: { readonly at: string }) {
  const [, tick] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(tick, 30_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Tooltip label={exactly(at)}>
      <Text component="time" dateTime={at} size="sm" c="dimmed" inherit>
        {ago(at)}
      </Text>
    </Tooltip>
  );
}
