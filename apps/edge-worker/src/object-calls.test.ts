import { describe, expect, it } from 'vitest';
import { retrying } from './object-calls.ts';

/** Objects that give the listed answers in turn: a thrown error, or a value. */
function objects(...answers: unknown[]) {
  let stubs = 0;
  const get = retrying(
    () => {
      const answer = answers[stubs];
      stubs += 1;
      return {
        async read(id: string): Promise<unknown> {
          if (answer instanceof Error) throw answer;
          return [id, answer];
        },
      };
    },
    () => 0,
  );
  return { get, taken: () => stubs };
}

const fault = (properties: object) => Object.assign(new Error('broken'), properties);

describe('a call to an object', () => {
  it('is made again with a new stub while its failure is retryable', async () => {
    const { get, taken } = objects(fault({ retryable: true }), fault({ retryable: true }), 'fine');
    expect(await get('a').read('id')).toEqual(['id', 'fine']);
    expect(taken()).toBe(3);
  });

  it('ends with the fault when it is not retryable, or after four tries', async () => {
    await expect(objects(fault({})).get('a').read('id')).rejects.toThrow('broken');
    const always = objects(...Array.from({ length: 9 }, () => fault({ retryable: true })));
    await expect(always.get('a').read('id')).rejects.toThrow('broken');
    expect(always.taken()).toBe(4);
  });

  it('is never made again to an overloaded object: it is 503 with Retry-After', async () => {
    const { get, taken } = objects(fault({ retryable: true, overloaded: true }));
    await expect(get('a').read('id')).rejects.toMatchObject({
      status: 503,
      code: 'overloaded',
      options: { headers: { 'retry-after': '1' } },
    });
    expect(taken()).toBe(1);
  });

  it('is not mistaken for a promise', async () => {
    const { get } = objects('fine');
    const object = await Promise.resolve(get('a'));
    expect(await object.read('id')).toEqual(['id', 'fine']);
  });
});
