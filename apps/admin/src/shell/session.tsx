import { Center } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, dropKey, keepKey, readKey } from '../api/client.ts';
import { meQuery } from '../api/queries.ts';
import { Failure, Loading } from '../ui/states.tsx';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';

/** Shows the app to whoever has a working key, and the sign-in page to everyone else. */
export function Session() {
  const client = useQueryClient();
  const [signedIn, setSignedIn] = useState(readKey() !== null);
  const me = useQuery({ ...meQuery, enabled: signedIn });
  const signOut = () => {
    dropKey();
    client.clear();
    setSignedIn(false);
  };
  const enter = (key: string) => {
    client.clear();
    keepKey(key);
    setSignedIn(true);
  };
  if (!signedIn || (me.error instanceof ApiError && me.error.problem.status === 401)) return <SignIn enter={enter} />;
  if (me.error && !me.data)
    return (
      <Center mih="100dvh" p="md">
        <Failure error={me.error} retry={() => void me.refetch()} />
      </Center>
    );
  return me.data ? <Shell me={me.data} signOut={signOut} /> : <Loading />;
}
