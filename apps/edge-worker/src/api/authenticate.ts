/** Who calls, and whether they may: the key, its scope, its namespace. */
import type { ApiRequest } from './api-request.ts';
import type { Caller, Scope } from '../catalog/keys.ts';
import type { Namespace } from '../catalog/namespaces.ts';
import { Problem } from './problem.ts';
import type { Service } from './service.ts';

/** The caller behind a request's key, or the problem: 401 for no valid key, 403 for one without the scope. */
export async function authenticate(
  service: Service,
  request: ApiRequest,
  scope: Scope | 'any',
): Promise<{ caller: Caller; namespace: Namespace }> {
  const key = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  const caller = key === undefined ? undefined : await service.keys.find(key, service.now());
  const namespace = caller === undefined ? undefined : await service.namespaces.find(caller.namespace, service.now());
  if (caller === undefined || namespace === undefined)
    throw new Problem(401, 'unknown_key', 'Send a valid key as "Authorization: Bearer <key>".', {
      headers: { 'www-authenticate': 'Bearer' },
    });
  if (scope !== 'any' && !caller.scopes.includes(scope)) throw new Problem(403, 'missing_scope', `The key lacks the scope ${scope}.`);
  return { caller, namespace };
}
