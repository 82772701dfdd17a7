import { afterEach, describe, expect, it, vi } from 'vitest';
import { eventFrame, eventStream } from './event-stream.ts';

afterEach(() => vi.restoreAllMocks());

describe('a stream of events', () => {
  it('gives frames as they are asked for, and ends with its source', async () => {
    async function* source() {
      yield eventFrame(1, '{}');
      yield eventFrame(2, '[]');
    }
    expect(await eventStream(source()).text()).toBe('id: 1\ndata: {}\n\nid: 2\ndata: []\n\n');
  });

  it('ends without a word when its client leaves while nothing happens', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { promise: change, resolve } = Promise.withResolvers<void>();
    let isOver = false;
    async function* source() {
      try {
        await change;
        yield eventFrame(1, '{}');
      } finally {
        isOver = true;
      }
    }
    const reader = eventStream(source()).body?.getReader();
    const reading = reader?.read();
    await new Promise((done) => setImmediate(done));
    const leaving = reader?.cancel();
    resolve();
    await leaving;
    expect(await reading).toMatchObject({ done: true });
    expect(isOver).toBe(true);
    expect(warned).not.toHaveBeenCalled();
  });

  it('ends early, and says why in the log, when its source fails', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    async function* source() {
      yield eventFrame(1, '{}');
      throw new Error('the object is gone');
    }
    expect(await eventStream(source()).text()).toBe('id: 1\ndata: {}\n\n');
    expect(warned).toHaveBeenCalledOnce();
  });
});
