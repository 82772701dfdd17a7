/**
 * The HTTP front that every peer gets: tasks in, results out, the input judged by a schema. It costs next to nothing, so that
 * what is measured is the peer. A peer brings `{ submit, submitMany?, read, wait?, completed }`.
 */
import { createServer } from 'node:http';
import Ajv from 'ajv';

const INPUT = {
  type: 'object',
  properties: { a: { type: 'number' }, b: { type: 'number' }, note: { type: 'string', maxLength: 1_000 } },
  required: ['a', 'b'],
  additionalProperties: false,
};
export const isInput = new Ajv().compile(INPUT);
/** A result is looked for this often where a peer tells of none. */
const LOOK_EVERY_MS = 5;

/** The work of every task. */
export function perform({ a, b }) {
  return { sum: a + b };
}

/** Serves a peer, and says on standard output where. */
export function serve(peer) {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      answer(peer, request, Buffer.concat(chunks).toString()).then(
        ([status, body]) => send(response, status, body),
        (fault) => send(response, 500, { error: String(fault?.stack ?? fault) }),
      );
    });
  });
  server.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${server.address().port}`));
  // Whoever started this process holds the other end.
  process.stdin.on('end', () => process.exit(0)).resume();
  process.on('SIGTERM', () => process.exit(0));
}

async function answer(peer, { method, url }, text) {
  if (method === 'POST') {
    const body = JSON.parse(text);
    if (url === '/tasks:batch') {
      if (!body.tasks.every(isInput)) return [422, { error: 'input' }];
      return [201, { ids: await peer.submitMany(body.tasks) }];
    }
    if (!isInput(body)) return [422, { error: 'input' }];
    const id = await peer.submit(body);
    return [201, url === '/tasks?wait' ? { id, ...(await resultOf(peer, id)) } : { id }];
  }
  if (url === '/completed') return [200, { completed: await peer.completed() }];
  return [200, (await peer.read(url.slice('/tasks/'.length))) ?? { status: 'none' }];
}

async function resultOf(peer, id) {
  if (peer.wait !== undefined) return await peer.wait(id);
  for (;;) {
    const result = await peer.read(id);
    if (result?.status === 'completed') return result;
    await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
  }
}

function send(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
