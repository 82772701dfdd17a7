import { createContext, use, useEffect, useState, type ReactNode } from 'react';

/** Everything that ages on the screen ages together, and asks the service nothing. */
const EVERY_MS = 5_000;
const Now = createContext(0);

export function NowProvider({ children }: { readonly children: ReactNode }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return <Now value={now}>{children}</Now>;
}

/** Epoch ms, a few seconds old at most. */
export function useNow(): number {
  return use(Now);
}
