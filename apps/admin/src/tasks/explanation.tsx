import { Alert, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { explainQuery } from '../api/queries.ts';
import { Failure, Loading } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';

/** Why the task is not done yet, in the service's words. */
export function Explanation({ id }: { readonly id: string }) {
  const explain = useQuery(explainQuery(id));
  if (explain.isPending) return <Loading rows={1} />;
  if (!explain.data) return <Failure error={explain.error} retry={() => void explain.refetch()} />;
  const { waitingFor, route } = explain.data;
  if (waitingFor.length === 0) return null;
  return (
    <Alert title="Why is it waiting?" color="yellow">
      {waitingFor.map((cause) => (
        <Text size="sm" key={cause.code}>
          {cause.detail}
          {cause.until && (
            <>
              {' '}
              (<Time at={cause.until} />)
            </>
          )}
        </Text>
      ))}
      {route.reason && (
        <Text size="xs" mt={4}>
          {route.reason}
        </Text>
      )}
    </Alert>
  );
}
