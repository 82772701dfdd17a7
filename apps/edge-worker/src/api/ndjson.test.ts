import { describe, expect, it } from 'vitest';
import { readLines } from './ndjson.ts';
import { MAX_TASK_BYTES } from './read-body.ts';

async function read(...chunks: (string | Uint8Array)[]) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk);
      controller.close();
    },
  });
  const groups = [];
  for await (const group of readLines(body))
    groups.push(group.map(({ number, text }) => [number, typeof text === 'string' ? text : text.code]));
  return groups;
}

describe('readLines', () => {
  it('joins lines across chunks, counts blank ones and gives the last without its newline', async () => {
    expect(await read('{"a"', ':1}\n\r\n{"b":', '2}\n', '{"c":3}')).toEqual([[[1, '{"a":1}']], [[3, '{"b":2}']], [[4, '{"c":3}']]]);
  });

  it('gives the lines of a chunk together, and nothing for an empty body', async () => {
    expect(await read('1\n2\n3\n')).toEqual([
      [
        [1, '1'],
        [2, '2'],
        [3, '3'],
      ],
    ]);
    expect(await read()).toEqual([]);
  });

  it('refuses a line that is too long without keeping it, and goes on with the next', async () => {
    const long = 'x'.repeat(MAX_TASK_BYTES);
    expect(await read(long, 'x', long, '\n{"a":1}\n')).toEqual([
      [
        [1, 'payload_too_large'],
        [2, '{"a":1}'],
      ],
    ]);
  });

  it('refuses a line that is not UTF-8, and puts a character together that two chunks share', async () => {
    const snow = new TextEncoder().encode('"☃"\n');
    expect(await read(snow.slice(0, 2), snow.slice(2), new Uint8Array([0xff, 10]))).toEqual([[[1, '"☃"']], [[2, 'malformed']]]);
  });
});
