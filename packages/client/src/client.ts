/**
 * A typed client of the HTTP API. It needs nothing but `fetch`, so it runs in every JavaScript runtime. A request that may safely be
 * repeated is sent again when the network fails; every other one is sent once (`request.ts` has the waits and the number of tries).
 *
 * ```ts
 * const client = createClient({ url: 'http://127.0.0.1:8787', apiKey });
 * const { task } = await client.submit({ type: 'example.sum', input: { a: 1, b: 41 } }, { idempotencyKey: 'sum-1', waitSeconds: 20 });
 * ```
 */
import { request, type Connection } from './request.ts';
import { isTerminal, type BatchItem, type Task, type TaskFilter, type TaskRequest, type Verb } from './types.ts';

/** How a single task is submitted. */
export interface SubmitOptions {
  /** Makes the submit safe to repeat: the service answers with the task that the key made first. */
  readonly idempotencyKey?: string;
  /** Seconds that the service waits for the task's end before it answers, at most 20. */
  readonly waitSeconds?: number;
}

/** The client of one service, for one key. */
export type Client = ReturnType<typeof createClient>;

/** The longest wait that the service grants. */
const MAX_WAIT_SECONDS = 20;
/** How much longer than the wait that it asks for a request may take. */
const GRACE_MS = 10_000;
/** The least time between two polls, where the service answers at once with nothing new. */
const LEAST_POLL_MS = 100;

/** Makes a client. Its methods throw a `ProblemError` for a refusal, and the error of `fetch` when the service cannot be reached. */
export function createClient(to: Connection) {
  const { get, post, put } = methodsOf(to);
  return {
    ...submitCalls(to),
    ...readCalls(to),

    /**
     * Applies a verb to a task and gives the task after it; a replay gives the new task. It is not repeated after a network error, by
     * which it may have been applied already.
     */
    verb: (id: string, verb: Verb, body: Readonly<Record<string, unknown>> = {}) =>
      post<Task>(`/v1/tasks/${encodeURIComponent(id)}/${verb}`, body, 'no'),

    /** Publishes a task type. The same one again is accepted; another one under its name and version is a 409. */
    publishType: (type: Readonly<Record<string, unknown>>) => post<Readonly<Record<string, unknown>>>('/v1/task-types', type, 'yes'),

    /** Creates a connection to a third party, or replaces its base URL and credentials. */
    putConnection: (name: string, connection: Readonly<Record<string, unknown>>) =>
      put<Readonly<Record<string, unknown>>>(`/v1/connections/${encodeURIComponent(name)}`, connection),

    /** Creates a hook for a third party's webhooks. */
    createHook: (hook: Readonly<Record<string, unknown>>) => post<{ id: string; url: string }>('/v1/hooks', hook, 'no'),

    /** Lists a hook's newest deliveries; a hook that does not exist is a 404. */
    hookDeliveries: (id: string) => get<{ items: readonly unknown[] }>(`/v1/hooks/${encodeURIComponent(id)}/deliveries`),
  };
}

/** The methods that create tasks. */
function submitCalls(to: Connection) {
  const { post } = methodsOf(to);

  /** Submits one task. `replayed` says that its idempotency key had made this task before. */
  async function submit<Output>(task: TaskRequest, options: SubmitOptions = {}): Promise<{ task: Task<Output>; replayed: boolean }> {
    const headers: Record<string, string> = {};
    if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey;
    if (options.waitSeconds) headers['prefer'] = `wait=${options.waitSeconds}`;
    const answer = await request<Task<Output>>(to, {
      method: 'POST',
      path: '/v1/tasks',
      body: task,
      headers,
      repeatable: options.idempotencyKey === undefined ? 'no' : 'yes',
      timeoutMs: (options.waitSeconds ?? 20) * 1_000 + GRACE_MS,
    });
    return { task: answer.body, replayed: answer.headers.get('idempotency-replayed') === 'true' };
  }

  /** Submits up to 1,000 tasks in one request. Repeated on a network error only when every task has a key. */
  async function batch(tasks: readonly (TaskRequest & { readonly idempotencyKey?: string })[]): Promise<readonly BatchItem[]> {
    const repeatable = tasks.every((task) => task.idempotencyKey !== undefined) ? 'yes' : 'no';
    return (await post<{ items: readonly BatchItem[] }>('/v1/tasks:batch', { tasks }, repeatable)).items;
  }

  return { submit, batch };
}

/** The methods that read tasks. */
function readCalls(to: Connection) {
  const { get } = methodsOf(to);

  /** Reads a task: as it is, or with `wait` once its revision is above `afterRevision`, or after `waitSeconds` (at most 20). */
  function getTask<Output>(id: string, wait?: { readonly waitSeconds: number; readonly afterRevision: number }): Promise<Task<Output>> {
    const path = `/v1/tasks/${encodeURIComponent(id)}`;
    if (wait === undefined) return get(path);
    return get(`${path}?wait=${wait.waitSeconds}&ifRevisionGreaterThan=${wait.afterRevision}`, wait.waitSeconds * 1_000 + GRACE_MS);
  }

  /** Waits until a task has ended, or until `deadline` (epoch ms). Gives the task as read last, which may then still be open. */
  async function waitForEnd<Output>(id: string, deadline: number): Promise<Task<Output>> {
    let task = await getTask<Output>(id);
    while (!isTerminal(task.status)) {
      const leftMs = deadline - Date.now();
      if (leftMs <= 0) break;
      const askedAt = Date.now();
      const waitSeconds = Math.min(MAX_WAIT_SECONDS, Math.max(1, Math.ceil(leftMs / 1_000)));
      const next = await getTask<Output>(id, { waitSeconds, afterRevision: task.revision });
      const quietMs = LEAST_POLL_MS - (Date.now() - askedAt);
      if (next.revision === task.revision && quietMs > 0) await new Promise((resolve) => setTimeout(resolve, quietMs));
      task = next;
    }
    return task;
  }

  /** Goes through all tasks that a filter lets through, newest first. Reads a page when the one before is used up. */
  async function* list(filter: TaskFilter = {}): AsyncGenerator<Task> {
    const query = new URLSearchParams({ ...filter, limit: '200' });
    for (;;) {
      const page = await get<{ items: readonly Task[]; nextCursor: string | null }>(`/v1/tasks?${query.toString()}`);
      yield* page.items;
      if (page.nextCursor === null) return;
      query.set('cursor', page.nextCursor);
    }
  }

  return {
    getTask,
    waitForEnd,
    list,

    /** Counts the tasks that a filter lets through. */
    count: (filter: TaskFilter = {}) =>
      get<{ count: number; byStatus: Readonly<Record<string, number>> }>(
        `/v1/tasks:count?${new URLSearchParams({ ...filter }).toString()}`,
      ),
  };
}

function methodsOf(to: Connection) {
  return {
    get: async <T>(path: string, timeoutMs?: number): Promise<T> =>
      (await request<T>(to, { method: 'GET', path, repeatable: 'yes', ...(timeoutMs === undefined ? {} : { timeoutMs }) })).body,
    post: async <T>(path: string, body: unknown, repeatable: 'yes' | 'no'): Promise<T> =>
      (await request<T>(to, { method: 'POST', path, body, repeatable })).body,
    put: async <T>(path: string, body: unknown): Promise<T> =>
      (await request<T>(to, { method: 'PUT', path, body, repeatable: 'yes' })).body,
  };
}
