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

/** Calls the API with the kept key; throws an `ApiError` for anything but 2xx, also when the service is not reachable. */
export async function api<Answer>(
  path: string,
  init: { method?: string; body?: unknown; signal?: AbortSignal; key?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const headers = { ...headersFor(init.key ?? readKey()), ...init.headers };
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
  if (response.status === 204) return undefined as Answer;
  if (response.ok) return (await response.json()) as Answer;
  throw new ApiError(await problemOf(response));
}

/** Whether an error says that the key is not (or no longer) good. */
export const isKeyRefused = (error: unknown): boolean => error instanceof ApiError && error.problem.status === 401;

async function problemOf(response: Response): Promise<Problem> {
  const wait = Number(response.headers.get('retry-after'));
  const fallback: Problem = {
    title: `The service answered ${response.status}`,
    status: response.status,
    detail: response.statusText,
    ...(wait > 0 ? { retryAfterSeconds: wait } : {}),
  };
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return fallback;
  }
}
