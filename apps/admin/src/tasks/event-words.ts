/** Events as sentences. The raw event stays one click away, for whoever needs every member. */
import type { TaskError, TaskEvent } from '../api/shapes.ts';
import { exactly } from '../ui/when.ts';

export interface EventWords {
  readonly title: string;
  readonly detail?: string;
  readonly color: string;
}

type Data = Readonly<Record<string, unknown>>;

export function eventWords({ type, data = {} }: TaskEvent): EventWords {
  switch (type) {
    case 'task.submitted':
      return {
        title: 'Submitted',
        color: 'gray',
        ...(data['scheduledFor'] ? { detail: `To start at ${time(data['scheduledFor'])}` } : {}),
      };
    case 'task.due':
      return { title: 'Due', color: 'blue' };
    case 'task.started':
      return { title: `Attempt begun by ${workerText(data['worker'])}`, color: 'indigo' };
    case 'task.waiting':
      return { title: `Waiting for ${data['for'] === 'event' ? 'an event' : 'a callback'}`, color: 'yellow', ...correlation(data) };
    case 'task.retrying':
      return {
        title: 'Attempt failed, to be tried again',
        color: 'orange',
        detail: `${errorText(data)}; next at ${time(data['retryAt'])}`,
      };
    case 'task.requeued':
      return { title: 'Queued again', color: 'orange', detail: errorText(data) };
    case 'task.cancel_requested':
      return { title: 'Asked to stop', color: 'gray' };
    case 'task.pause_requested':
      return { title: 'To be paused after this attempt', color: 'grape' };
    case 'task.paused':
      return { title: 'Paused', color: 'grape', ...(data['error'] ? { detail: errorText(data) } : {}) };
    case 'task.resumed':
      return { title: 'Resumed', color: 'blue' };
    case 'task.rescheduled':
      return { title: 'Rescheduled', color: 'gray', detail: `To start at ${time(data['scheduledFor'])}` };
    case 'task.retried_now':
      return { title: 'Started ahead of time', color: 'blue' };
    case 'task.redriven':
      return { title: 'Redriven: a new generation', color: 'blue' };
    case 'task.claimed':
      return { title: `Claimed by ${personText(data['person'])}`, color: 'yellow' };
    case 'task.released':
      return { title: 'Released', color: 'gray' };
    case 'task.result_refused':
      return { title: 'A late result was refused', color: 'red', detail: 'It is kept below as evidence and changed nothing.' };
    case 'task.completed':
      return { title: 'Completed', color: 'teal' };
    case 'task.failed':
      return { title: 'Failed', color: 'red', detail: errorText(data) };
    case 'task.timed_out':
      return { title: 'Timed out', color: 'red', detail: errorText(data) };
    case 'task.expired':
      return { title: 'Expired before it began', color: 'gray' };
    case 'task.canceled':
      return { title: 'Canceled', color: 'gray', ...(data['forced'] === true ? { detail: 'The executor did not stop in time.' } : {}) };
    case 'task.skipped':
      return { title: 'Skipped', color: 'gray' };
    default:
      return { title: type, color: 'gray' };
  }
}

function errorText({ error }: Data): string {
  const { code, message } = (error ?? { code: '', message: '' }) as TaskError;
  return `${code}: ${message}`;
}

function personText(person: unknown): string {
  const { id, name } = (person ?? { id: 'somebody' }) as { id: string; name?: string };
  return name ?? id;
}

function correlation({ correlation: key }: Data): { detail?: string } {
  return key === undefined ? {} : { detail: `Named by ${text(key)}` };
}

function time(value: unknown): string {
  return typeof value === 'string' ? exactly(value) : text(value);
}

/** The service's own workers have a number each, which nobody needs to read. */
function workerText(worker: unknown): string {
  return typeof worker === 'string' && worker.startsWith('service') ? 'the service' : `worker ${text(worker)}`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
