/** Sends what was drawn, many at a time, and judges every answer: no fault, no hang, no secret, and a problem that says what is wrong. */
import type { RunningService } from '../running-service.ts';
import type { Drawn } from './requests.ts';

/** Requests under way at a time. */
const CONCURRENCY = 12;
/** An answer that takes longer hangs; no request of these asks for a wait of more than a second. */
const MAX_ANSWER_MS = 5_000;
/** Ids that are remembered, for the requests that need one. */
const MAX_KNOWN = 300;
/** Wrong answers after which it is clear enough. */
const MAX_FAULTS = 20;
/** Words of the inside: a stack, a path, a database. */
const INSIDE = /node_modules|\.ts:\d+|file:\/\/|SQLITE_|SqliteError|at async /;
const IDS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['task', /"(task_\w+)"/g],
  ['hook', /"(hook_\w+)"/g],
  ['key', /"(key_\w+)"/g],
  ['lease', /"leaseToken":"([^"]+)"/g],
  ['cursor', /"nextCursor":"([^"]+)"/g],
  ['callback', /\/v1\/callbacks\/([\w.~-]+)/g],
];

/** Ids that the service has given out, by kind. */
export type Known = Record<string, string[]>;

export interface Report {
  readonly sent: number;
  readonly byStatus: Readonly<Record<number, number>>;
  readonly slowestMs: number;
  /** What was wrong, each with the request that brought it about. */
  readonly faults: readonly string[];
}

/** Attacks until the requests are used up, or enough is wrong. */
export async function attack(
  service: RunningService,
  requests: Iterator<Drawn>,
  canaries: readonly string[],
  known: Known,
): Promise<Report> {
  const faults: string[] = [];
  const byStatus: Record<number, number> = {};
  let sent = 0;
  let slowestMs = 0;
  const lane = async (): Promise<void> => {
    for (let next = requests.next(); next.done !== true && faults.length < MAX_FAULTS; next = requests.next()) {
      const startedAt = performance.now();
      const { status, fault } = await once(service, next.value, canaries, known);
      sent += 1;
      byStatus[status] = (byStatus[status] ?? 0) + 1;
      slowestMs = Math.max(slowestMs, performance.now() - startedAt);
      if (fault !== undefined) faults.push(fault);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  return { sent, byStatus, slowestMs: Math.round(slowestMs), faults };
}

async function once(
  service: RunningService,
  drawn: Drawn,
  canaries: readonly string[],
  known: Known,
): Promise<{ status: number; fault: string | undefined }> {
  const fill = (text: string): string =>
    text.replaceAll(/\{known:([\w-]+):(\d+)\}/g, (_, kind: string, index: string) => pick(known[kind], Number(index)));
  const path = fill(drawn.path);
  const query = drawn.query
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(fill(value).toWellFormed())}`)
    .join('&');
  const what = `${drawn.method} ${path.slice(0, 200)}${query === '' ? '' : `?${query.slice(0, 200)}`} ${JSON.stringify(drawn.headers)} ${shown(drawn.body)}`;
  try {
    const response = await service.request(`${path}${query === '' ? '' : `?${query}`}`, {
      method: drawn.method,
      headers: drawn.headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(MAX_ANSWER_MS),
      ...(drawn.body === undefined ? {} : { body: (typeof drawn.body === 'string' ? fill(drawn.body) : drawn.body) as BodyInit }),
    });
    const text = await response.text();
    remember(text, known);
    const wrong = wrongIn(response, text, canaries, drawn);
    return { status: response.status, fault: wrong === undefined ? undefined : `${wrong}: ${what}` };
  } catch (fault) {
    if (fault instanceof TypeError && String(fault.cause ?? fault.message).includes('header')) return { status: 0, fault: undefined };
    return { status: 0, fault: `no answer (${String(fault)}, ${String((fault as Error).cause ?? '')}): ${what}` };
  }
}

function wrongIn(response: Response, text: string, canaries: readonly string[], { method }: Drawn): string | undefined {
  const { status } = response;
  const type = response.headers.get('content-type') ?? '';
  const told = `${text}\n${[...response.headers].join('\n')}`;
  if (status >= 500) return `${status} ${text.slice(0, 300)}`;
  const canary = canaries.find((one) => told.includes(one));
  if (canary !== undefined) return `${status} tells the secret ${canary}`;
  const inside = INSIDE.exec(told);
  if (inside !== null) return `${status} tells of the inside: ${inside[0]}`;
  if (method === 'HEAD' || text === '') return status < 400 || method === 'HEAD' ? undefined : `${status} without a word`;
  if (status < 400) return type.startsWith('application/json') ? notJson(text) : undefined;
  if (!type.startsWith('application/problem+json')) return `${status} as ${type}`;
  return notJson(text) ?? notProblem(JSON.parse(text), status);
}

function notJson(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return `no JSON: ${text.slice(0, 100)}`;
  }
}

function notProblem(body: any, status: number): string | undefined {
  const whole =
    body.status === status && /^[a-z_.]+$/.test(body.code) && [body.type, body.title, body.detail].every((one) => typeof one === 'string');
  if (!whole || !/^[0-9a-f]{32}$/.test(body.traceId)) return `a problem of another shape: ${JSON.stringify(body).slice(0, 300)}`;
  const pointed = (body.errors ?? []).every((error: any) => /^#(?:$|\/)/.test(error.pointer) && typeof error.detail === 'string');
  return pointed ? undefined : `a problem with odd pointers: ${JSON.stringify(body.errors).slice(0, 300)}`;
}

/** Ids of an answer, for later requests: the newest ones in the places of the oldest. */
function remember(text: string, known: Known): void {
  for (const [kind, pattern] of IDS) {
    const ids = (known[kind] ??= []);
    for (const [, id] of text.slice(0, 20_000).matchAll(pattern)) if (id !== undefined) ids.push(id);
    if (ids.length > MAX_KNOWN) ids.splice(0, ids.length - MAX_KNOWN);
  }
}

function pick(ids: readonly string[] = [], index: number): string {
  return ids[index % ids.length] ?? 'x';
}

function shown(body: Drawn['body']): string {
  return typeof body === 'string' ? body.slice(0, 600) : body === undefined ? '' : `${body.length} bytes`;
}
