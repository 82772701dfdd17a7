import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createClient } from './client.ts';
import { ProblemError } from './problem-error.ts';

let close = (): void => undefined;
afterEach(() => close());

async function serve(answer: (request: IncomingMessage, response: ServerResponse, count: number) => void): Promise<string> {
  let count = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(request, response, (count += 1)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => void server.close();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('throws the parsed problem of a refusal', async () => {
  const problem = { status: 422, code: 'invalid_input', errors: [{ pointer: '#/input/a', detail: 'must be a number' }] };
  const url = await serve((_request, response) => response.writeHead(422).end(JSON.stringify(problem)));
  const error = await createClient({ url, apiKey: 'k' })
    .submit({ type: 't', input: {} })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProblemError);
  expect((error as ProblemError).problem).toEqual(problem);
});

test('waits as Retry-After says, and then tries again', async () => {
  const url = await serve((_request, response, count) =>
    count === 1 ? response.writeHead(503, { 'retry-after': '0' }).end() : response.end('{"id":"task_1"}'),
  );
  expect(await createClient({ url, apiKey: 'k' }).getTask('task_1')).toEqual({ id: 'task_1' });
});

test('repeats a lost request only when it is idempotent', async () => {
  const url = await serve((request, response, count) => {
    if (count === 1 || request.headers['idempotency-key'] === undefined) response.destroy();
    else response.writeHead(200, { 'idempotency-replayed': 'true' }).end('{"id":"task_1"}');
  });
  const client = createClient({ url, apiKey: 'k' });
  expect(await client.submit({ type: 't', input: {} }, { idempotencyKey: 'one' })).toEqual({ task: { id: 'task_1' }, replayed: true });
  await expect(client.submit({ type: 't', input: {} })).rejects.toThrow('fetch failed');
});

test.each([
  ['timeout', ['timeout']],
  ['overloaded', ['overloaded', 'task_1']],
])('repeats a submit without a key after a 503 only when nothing was done: %s', async (code, answers) => {
  const given: string[] = [];
  const url = await serve((_request, response, count) => {
    given.push(count === 1 ? code : 'task_1');
    if (count === 1) response.writeHead(503, { 'retry-after': '0' }).end(JSON.stringify({ code }));
    else response.writeHead(201).end('{"id":"task_1"}');
  });
  const [result] = await Promise.allSettled([createClient({ url, apiKey: 'k' }).submit({ type: 't', input: {} })]);
  expect(result.status).toBe(code === 'timeout' ? 'rejected' : 'fulfilled');
  expect(given).toEqual(answers);
});

test('lists page by page to the end', async () => {
  const url = await serve((request, response) =>
    response.end(
      request.url?.includes('cursor=next') ? '{"items":[{"id":"b"}],"nextCursor":null}' : '{"items":[{"id":"a"}],"nextCursor":"next"}',
    ),
  );
  const ids: string[] = [];
  for await (const task of createClient({ url, apiKey: 'k' }).list({ tag: 'x' })) ids.push(task.id);
  expect(ids).toEqual(['a', 'b']);
});
