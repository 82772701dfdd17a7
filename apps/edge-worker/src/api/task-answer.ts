/** Answers with a task and its ETag, and the wait for its end that a caller may ask for. */
import { isEnded, type Task } from '@errand/core/task';
import type { Answer } from './answer.ts';
import type { ApiRequest } from './api-request.ts';
import type { Service } from './service.ts';
import { retryView, timeoutsView } from './retry-and-timeouts.ts';
import { taskView } from './task-view.ts';

/** Longest wait of `Prefer: wait` and `?wait`, seconds. */
export const MAX_WAIT_S = 20;

/** The answer with one task. Unlike in a list, its retry policy and timeouts are there. */
export function taskAnswer(task: Task, status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  const view = { ...taskView(task), retry: retryView(task.retry), timeouts: timeoutsView(task.timeouts) };
  return {
    status,
    headers: { 'content-type': 'application/json', etag: `"${task.revision}"`, ...headers },
    body: JSON.stringify(view),
  };
}

/** The task once it has ended, or as it is after `waitMs`. */
export async function waitForEnd(service: Service, object: string, task: Task, waitMs: number): Promise<Task> {
  const until = service.now() + waitMs;
  let current = task;
  while (!isEnded(current) && service.now() < until) {
    current = (await service.objects.get(object).waitFor(current.id, current.revision, until - service.now())) ?? current;
  }
  return current;
}

/** Milliseconds of `Prefer: wait=<seconds>` (RFC 7240), at most {@link MAX_WAIT_S}. A preference that is none asks for nothing. */
export function preferredWaitMs(request: ApiRequest): number {
  const [, plain, quoted] = WAIT.exec(request.headers.get('prefer') ?? '') ?? [];
  return Math.min(Number(plain ?? quoted ?? 0), MAX_WAIT_S) * 1_000;
}

/** The first `wait` of a list of preferences, as a token or between quotes. */
const WAIT = /(?:^|,)\s*wait\s*=\s*(?:(\d+)|"(\d+)")\s*(?:$|[,;])/i;
