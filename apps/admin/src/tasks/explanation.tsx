import { Alert, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { explainQuery } from '../api/queries.ts';
import { Failure, Loading } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';

/** Why the task is not done yet, in the service's words. */
export function Explanation({ id }: { readonly id: string }) {
  const explain = useQuery(explainQuery(id));
  if (explain.isPending) return <Loading rows={1} />;
  if (!explain.data) return <Failure error={explain.error} />;
  if (explain.data.waitingFor.length === 0) return null;
  return (
    <Alert title="Why is it waiting?" color="yellow">
      {explain.data.waitingFor.map((cause) => (
        <Text size="sm" key={cause.code}>
          {cause.detail}
          {cause.until && (
            <>
              {' '}
              · until <Time at={cause.until} />
            </>
          )}
        </Text>
      ))}
    </Alert>
  );
}
