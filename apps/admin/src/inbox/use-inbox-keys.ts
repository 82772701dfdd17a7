import { useHotkeys } from '@mantine/hooks';
import { useEffect } from 'react';
import type { Task } from '../api/shapes.ts';
import { useVerb } from '../api/verbs.ts';

interface Keys {
  readonly tasks: readonly Task[];
  /** The open task, which need not be in the list. */
  readonly current: Task | undefined;
  readonly show: (task: Task | undefined) => void;
  /** Reads more of the list; nothing where there is no more. */
  readonly more: () => void;
  readonly myId: string;
}

/**
 * Work without a mouse. Keys mean letters while a field has the focus, but for Ctrl + Enter, which sends the form, and Escape,
 * which leaves it. While a dialog is open, keys are the dialog's.
 */
export function useInboxKeys({ tasks, current, show, more, myId }: Keys): void {
  const verb = useVerb();
  const at = tasks.findIndex(({ id }) => id === current?.id);
  const holder = current?.manual?.holder ?? null;
  const down = () => {
    if (at === tasks.length - 1) more();
    show(tasks[Math.min(at + 1, tasks.length - 1)] ?? current);
  };
  const up = () => show(tasks[Math.max(at - 1, 0)] ?? current);
  const ask = (name: string) => current !== undefined && !verb.isPending && verb.mutate({ id: current.id, verb: name });
  const unlessDialog = (act: () => unknown) => () => void (openDialog() === null && act());
  useHotkeys([
    ['j', unlessDialog(down)],
    ['k', unlessDialog(up)],
    ['c', unlessDialog(() => current?.status === 'waiting' && holder === null && ask('claim'))],
    ['r', unlessDialog(() => holder?.id === myId && ask('release'))],
    ['a', unlessDialog(() => firstField(answerForm(current))?.focus())],
    ['/', unlessDialog(() => document.querySelector<HTMLInputElement>('input[data-inbox-search]')?.focus())],
    ['Escape', unlessDialog(() => show(undefined))],
  ]);
  useHotkeys([['mod+Enter', () => (openDialog()?.querySelector('form') ?? answerForm(current))?.requestSubmit()]], []);
  useEscapeToList(current);
}

/** Escape in a field of the answer goes back to the list, so that j and k work again. What the field itself does with it goes first. */
function useEscapeToList(current: Task | undefined): void {
  useEffect(() => {
    const leave = (event: KeyboardEvent) => {
      const { target } = event;
      if (event.key !== 'Escape' || event.defaultPrevented || !(target instanceof HTMLElement) || openDialog() !== null) return;
      if (target.getAttribute('aria-expanded') === 'true' || answerForm(current)?.contains(target) !== true) return;
      target.blur();
      document.querySelector<HTMLElement>(`li[data-task="${current?.id}"] a`)?.focus();
      // The open task stays open.
      event.stopPropagation();
    };
    document.body.addEventListener('keydown', leave);
    return () => document.body.removeEventListener('keydown', leave);
  }, [current]);
}

function openDialog(): HTMLElement | null {
  return document.querySelector('[role="dialog"][aria-modal="true"]');
}

function answerForm(task: Task | undefined): HTMLFormElement | null {
  return task === undefined ? null : document.forms.namedItem(`answer-${task.id}`);
}

function firstField(form: HTMLFormElement | null): HTMLElement | null | undefined {
  return form?.querySelector<HTMLElement>('input:not([type="hidden"], :disabled), textarea:not(:disabled)');
}
