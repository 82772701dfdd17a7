/** The plain endpoints by method and path: each has a path without parameters, or one whose last part is its only parameter. */
import type { PlainEndpoint, Endpoint } from './endpoint.ts';

export interface PlainRoute {
  readonly endpoint: PlainEndpoint;
  readonly params: Readonly<Record<string, string>>;
}

const NO_PARAMS: Readonly<Record<string, string>> = {};

/** Finds the endpoint that a path without a query means. What it does not know may still be an endpoint: ask the router. */
export function plainRoutes(endpoints: readonly Endpoint[]): (method: string, path: string) => PlainRoute | undefined {
  const whole = new Map<string, PlainEndpoint>();
  const byLast = new Map<string, { readonly endpoint: PlainEndpoint; readonly name: string }>();
  for (const endpoint of endpoints) {
    if (endpoint.plain !== true) continue;
    const method = endpoint.method.toUpperCase();
    const last = /^(?<before>[^{]*\/)\{(?<name>\w+)\}$/.exec(endpoint.path)?.groups;
    if (last !== undefined) byLast.set(`${method} ${last['before']}`, { endpoint, name: last['name'] ?? '' });
    else whole.set(`${method} ${endpoint.path}`, endpoint);
  }
  return (method, path) => {
    const exact = whole.get(`${method} ${path}`);
    if (exact !== undefined) return { endpoint: exact, params: NO_PARAMS };
    const cut = path.lastIndexOf('/') + 1;
    const found = byLast.get(`${method} ${path.slice(0, cut)}`);
    // Only what needs no decoding: anything else is the router's.
    if (found === undefined || !PLAIN_PART.test(path.slice(cut))) return undefined;
    return { endpoint: found.endpoint, params: { [found.name]: path.slice(cut) } };
  };
}

const PLAIN_PART = /^\w+$/;
