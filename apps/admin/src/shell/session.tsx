import { Center } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { dropKey, isKeyRefused, keepKey, readKey } from '../api/client.ts';
import { meQuery } from '../api/queries.ts';
import type { Me } from '../api/shapes.ts';
import { Failure, Loading } from '../ui/states.tsx';
import { KeyRefused } from './key-refused.tsx';
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
  const enter = async (key: string, entered: Me) => {
    keepKey(key);
    // The refusal of the key before may still be on its way.
    await client.cancelQueries({ queryKey: meQuery.queryKey });
    // What is on the screen stays for the same person, typed text with it.
    if (me.data === undefined || whoOf(entered) !== whoOf(me.data)) client.clear();
    client.setQueryData(meQuery.queryKey, entered);
    setSignedIn(true);
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' });
  };
  if (!signedIn || (isKeyRefused(me.error) && !me.data)) return <SignIn enter={(...entered) => void enter(...entered)} />;
  if (me.error && !me.data)
    return (
      <Center mih="100dvh" p="md">
        <Failure error={me.error} retry={() => void me.refetch()} />
      </Center>
    );
  if (!me.data) return <Loading />;
  return (
    <>
      <Shell key={whoOf(me.data)} me={me.data} signOut={signOut} />
      <KeyRefused opened={isKeyRefused(me.error)} enter={(...entered) => void enter(...entered)} signOut={signOut} />
    </>
  );
}

/** A key may be replaced by another of the same person; pages are of a person and a namespace. */
function whoOf({ namespace, person, keyId }: Me): string {
  return `${namespace} ${person?.id ?? keyId}`;
}
