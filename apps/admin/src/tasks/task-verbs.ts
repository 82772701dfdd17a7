/** What an operator can do with a task, and in which statuses. */
import type { TaskStatus } from '../api/shapes.ts';

export interface Verb {
  readonly name: string;
  readonly label: string;
  /** What it does, before it is done; of one task, and of many. */
  readonly words: string;
  readonly color?: string;
  readonly from: readonly TaskStatus[];
}

const UNDONE: readonly TaskStatus[] = ['failed', 'timed_out', 'canceled', 'expired', 'skipped'];

export const VERBS: readonly Verb[] = [
  { name: 'retry-now', label: 'Start now', words: 'The next attempt starts at once.', from: ['retrying', 'scheduled'] },
  {
    name: 'pause',
    label: 'Pause',
    words: 'Nothing happens to it until somebody resumes it. A running attempt ends first.',
    from: ['running', 'retrying', 'scheduled', 'queued', 'waiting'],
  },
  { name: 'resume', label: 'Resume', words: 'It goes on where it was.', from: ['paused'] },
  { name: 'skip', label: 'Skip', words: 'It ends without a result.', from: ['paused', 'retrying', 'scheduled', 'queued', 'waiting'] },
  {
    name: 'cancel',
    label: 'Cancel',
    words: 'It ends without a result; a running attempt is told to stop.',
    color: 'red',
    from: ['paused', 'running', 'retrying', 'scheduled', 'queued', 'waiting'],
  },
  {
    name: 'redrive',
    label: 'Redrive',
    words: 'It is tried again, with all its attempts, under the same id and the same idempotency key.',
    from: UNDONE,
  },
  {
    name: 'replay',
    label: 'Replay',
    words: 'A new task is made of the same input. Third parties take it for a new request.',
    from: ['completed', ...UNDONE],
  },
];

export function verbsFor(status: TaskStatus): readonly Verb[] {
  return VERBS.filter(({ from }) => from.includes(status));
}
