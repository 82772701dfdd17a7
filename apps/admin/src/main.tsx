import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { ApiError, isKeyRefused } from './api/client.ts';
import { meQuery } from './api/queries.ts';
import { Session } from './shell/session.tsx';
import { NowProvider } from './ui/now.tsx';
import { cssVariables, theme } from './ui/theme.ts';
import { dropOldDrafts } from './work/draft.ts';

// The stream says what changed, so nothing is read again for age or focus alone.
const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: (error, { queryKey }) => queryKey[0] !== 'me' && askWhoCalls(error) }),
  mutationCache: new MutationCache({ onError: (error) => askWhoCalls(error) }),
  defaultOptions: {
    // Whether the service can be reached is for the request to find out: it may run on this very machine.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.problem.status >= 400 && error.problem.status < 500),
    },
  },
});

/** Whoever hears that the key is refused asks once more who calls: the session lives by that answer. */
function askWhoCalls(error: unknown): void {
  if (isKeyRefused(error)) void client.invalidateQueries({ queryKey: meQuery.queryKey }, { cancelRefetch: false });
}

dropOldDrafts(Date.now());

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element');
createRoot(root).render(
  <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
    <Notifications position="top-right" />
    <QueryClientProvider client={client}>
      <Router base="/admin">
        <NowProvider>
          <Session />
        </NowProvider>
      </Router>
    </QueryClientProvider>
  </MantineProvider>,
);
