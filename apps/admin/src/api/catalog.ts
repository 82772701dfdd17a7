/** What the catalog holds beside types: who may call, whom the service calls, who calls it, and where tasks go. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, readTagged } from './client.ts';
import type { Page, Route, FieldError, Person, TaskError } from './shapes.ts';

export type Key = {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly person?: Person;
  readonly createdAt: string;
  readonly expiresAt?: string;
};
export type NewKey = Key & { readonly key: string };

export type Connection = {
  readonly name: string;
  readonly baseUrl: string;
  readonly auth: { readonly type: string };
  readonly version: number;
  readonly createdAt: string;
};
export type ConnectionTest = {
  readonly ok: boolean;
  readonly status?: number;
  readonly durationMs: number;
  readonly error?: { readonly code: string; readonly message: string };
};

type HookRule = {
  readonly when?: string;
  readonly submit?: { readonly type: string };
  readonly complete?: { readonly correlation: string };
};
export type Hook = {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly preset: string;
  readonly on: readonly HookRule[];
  readonly createdAt: string;
};
export type Delivery = {
  readonly id: string;
  readonly receivedAt: string;
  readonly outcome: string;
  readonly eventId?: string;
  readonly taskId?: string;
  readonly duplicateOf?: string;
  readonly error?: TaskError;
};

export type RoutingRule = {
  readonly name: string;
  readonly kind?: string;
  readonly type?: string;
  readonly namespace?: string;
  readonly tags?: readonly string[];
  readonly when?: string;
  readonly route: { readonly lane?: string; readonly priority?: number };
};
export type RoutingRules = { readonly rules: readonly RoutingRule[]; readonly updatedAt: string | null };
export type Judgement = { readonly valid: boolean; readonly errors: readonly FieldError[]; readonly route?: Route };

const paged = <Item>(name: string, path: string) =>
  infiniteQueryOptions({
    queryKey: [name, path],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => api<Page<Item>>(`${path}?limit=50${pageParam && `&cursor=${pageParam}`}`, { signal }),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });

export const keysQuery = paged<Key>('keys', '/keys');
export const connectionsQuery = paged<Connection>('connections', '/connections');
export const hooksQuery = paged<Hook>('hooks', '/hooks');
export const deliveriesQuery = (hookId: string) => paged<Delivery>('deliveries', `/hooks/${encodeURIComponent(hookId)}/deliveries`);

/** With the tag that says which state of the rules was read. */
export const rulesQuery = queryOptions({
  queryKey: ['rules'],
  queryFn: ({ signal }) => readTagged<RoutingRules>('/routing-rules', signal),
});
