/**
 * Who runs the service: keys of the namespace `default` with the scope `namespaces:write`. They create namespaces and keys in
 * them. The same scope in another namespace reaches that namespace only, or one namespace could make keys for all others.
 */
import type { KeyedCall } from './endpoint.ts';
import { Problem } from './problem.ts';

export const OPERATORS_NAMESPACE = 'default';

export function isOperator({ caller }: KeyedCall): boolean {
  return caller.namespace === OPERATORS_NAMESPACE && caller.scopes.includes('namespaces:write');
}

/** Throws a 403 for whoever does not run the service. */
export function requireOperator(call: KeyedCall): void {
  if (!isOperator(call))
    throw new Problem(
      403,
      'not_operator',
      `Only keys of the namespace "${OPERATORS_NAMESPACE}" with the scope namespaces:write may do this.`,
    );
}
