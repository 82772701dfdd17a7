import type { Me, Task } from '../api/shapes.ts';

/** Whether this person may take the task; without candidates anyone may. The service decides: this is for what to show. */
export function mayTake({ manual }: Task, { person, scopes }: Me): boolean {
  if (person === undefined || !scopes.includes('manual:work')) return false;
  const { users = [], groups = [] } = manual?.candidates ?? {};
  if (users.length === 0 && groups.length === 0) return true;
  return users.includes(person.id) || groups.some((group) => person.groups?.includes(group) === true);
}

/** Whom a manual task is offered to, in words. */
export function candidatesOf({ manual }: Task): string {
  const { users = [], groups = [] } = manual?.candidates ?? {};
  const names = [...users, ...groups.map((group) => `group ${group}`)];
  return names.length === 0 ? 'anybody' : names.join(', ');
}
