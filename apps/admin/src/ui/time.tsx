import { Text, Tooltip } from '@mantine/core';
import { useNow } from './now.tsx';
import { ago, exactly } from './when.ts';

/** A time as people say it, the exact one on hover. */
export function Time({ at }: { readonly at: string }) {
  // A change that has just come in is newer than the clock on the screen.
  const now = Math.max(useNow(), Date.parse(at) <= useNow() + 6_000 ? Date.parse(at) : 0);
  return (
    <Tooltip label={exactly(at)} withArrow>
      <Text component="time" dateTime={at} inherit span>
        {ago(at, now)}
      </Text>
    </Tooltip>
  );
}
