import { expect, it } from 'vitest';
import { eventFrame, eventStream } from './event-stream.ts';

it('hands out frames one by one and ends with its source', async () => {
  async function* source(): AsyncGenerator<string, void> {
    yield eventFrame(1, '{}');
    yield eventFrame(2, '{}');
  }
  expect(await eventStream(source()).text()).toBe('id: 1\ndata: {}\n\nid: 2\ndata: {}\n\n');
});

it('takes a client that hangs up while the next frame is awaited for no fault', async () => {
  let frame = (_text: string): void => {};
  let begin = (): void => {};
  let isOver = false;
  const begun = new Promise<void>((done) => (begin = done));
  const awaited = new Promise<string>((done) => (frame = done));
  async function* source(): AsyncGenerator<string, void> {
    try {
      begin();
      yield await awaited;
    } finally {
      isOver = true;
    }
  }
  const said: unknown[] = [];
  const { warn } = console;
  console.warn = (...words: unknown[]) => void said.push(words);
  try {
    const reader = eventStream(source()).body?.getReader();
    const read = reader?.read();
    await begun;
    const gone = reader?.cancel();
    frame('too late');
    await Promise.all([read, gone]);
  } finally {
    console.warn = warn;
  }
  expect([isOver, said]).toEqual([true, []]);
});
