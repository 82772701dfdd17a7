import { useHotkeys } from '@mantine/hooks';
import type { Task } from '../api/shapes.ts';
import { useVerb } from '../api/verbs.ts';

interface Keys {
  readonly tasks: readonly Task[];
  /** The open task's place in the list, -1 when none is open. */
  readonly at: number;
  readonly show: (task: Task | undefined) => void;
  readonly myId: string;
}

/** Work without a mouse. Keys mean letters while a field has the focus, but for Ctrl + Enter, which sends the form. */
export function useInboxKeys({ tasks, at, show, myId }: Keys): void {
  const verb = useVerb();
  const current = tasks[at];
  const holder = current?.manual?.holder ?? null;
  const down = () => show(tasks[Math.min(at + 1, tasks.length - 1)] ?? current);
  const up = () => show(tasks[Math.max(at - 1, 0)] ?? current);
  useHotkeys([
    ['j', down],
    ['k', up],
    ['c', () => current !== undefined && holder === null && verb.mutate({ id: current.id, verb: 'claim' })],
    ['r', () => current !== undefined && holder?.id === myId && verb.mutate({ id: current.id, verb: 'release' })],
    ['/', () => document.querySelector<HTMLInputElement>('input[data-inbox-search]')?.focus()],
    ['Escape', () => show(undefined)],
  ]);
  useHotkeys([['mod+Enter', () => current !== undefined && document.forms.namedItem(`answer-${current.id}`)?.requestSubmit()]], []);
}
