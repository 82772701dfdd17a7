import type { Problem } from './shapes.ts';

const keyName = 'errand.key';

export const readKey = (): string | null => sessionStorage.getItem(keyName);
export const keepKey = (key: string): void => sessionStorage.setItem(keyName, key);
export const dropKey = (): void => sessionStorage.removeItem(keyName);

/** A problem document as something React Query can carry. */
export class ApiError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

export const headersFor = (key: string | null): Record<string, string> => (key === null ? {} : { authorization: `Bearer ${key}` });

interface Init {
  readonly method?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls the API with the kept key; throws an `ApiError` for anything but 2xx, also when the service is not reachable. */
export async function api<Answer>(path: string, init: Init = {}): Promise<Answer> {
  const response = await send(path, init);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

/** An answer, and the tag of the state that it shows: sent back as `If-Match`, it keeps a change from going over another. */
export async function readTagged<Answer>(path: string, signal: AbortSignal): Promise<{ readonly value: Answer; readonly etag: string }> {
  const response = await send(path, { signal });
  return { value: (await response.json()) as Answer, etag: response.headers.get('etag') ?? '*' };
}

async function send(path: string, init: Init): Promise<Response> {
  const headers: Record<string, string> = { ...headersFor(init.key ?? readKey()), ...init.headers };
  if (init.body !== undefined) headers['content-type'] = 'application/json';
  const response = await fetch(`/v1${path}`, {
    method: init.method ?? 'GET',
    headers,
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    ...(init.signal ? { signal: init.signal } : {}),
  }).catch((cause: unknown) => {
    if (init.signal?.aborted) throw cause;
    throw new ApiError({
      title: 'The service cannot be reached',
      status: 0,
      detail: 'Check that it runs, then try again. Nothing you typed is lost.',
    });
  });
  if (response.ok) return response;
  throw new ApiError(await problemOf(response));
}

/** Whether an error says that the key is not (or no longer) good. */
export const isKeyRefused = (error: unknown): boolean => error instanceof ApiError && error.problem.status === 401;

async function problemOf(response: Response): Promise<Problem> {
  const wait = Number(response.headers.get('retry-after'));
  const fallback: Problem = {
    title: `The service answered ${response.status}`,
    status: response.status,
    detail: 'It gave no reason.',
    ...(wait > 0 ? { retryAfterSeconds: wait } : {}),
  };
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return fallback;
  }
}
