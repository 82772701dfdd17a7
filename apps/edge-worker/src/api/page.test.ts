import { describe, expect, it } from 'vitest';
import { answerPage, readLimit } from './page.ts';

const NUMBERS = [9, 8, 7, 6, 5];
const service = { cursorKey: new Uint8Array(32) };

/** A page of {@link NUMBERS}, whose position is the number itself. */
async function page(query: Readonly<Record<string, string>>, about = 'default numbers') {
  const response = await answerPage(
    { service, query },
    {
      about,
      read: async (position, limit) => NUMBERS.filter((n) => position === null || n < Number(position)).slice(0, limit),
      positionOf: String,
      viewOf: (n) => ({ n }),
    },
  );
  return (await response.json()) as { items: { n: number }[]; nextCursor: string | null };
}

describe('a page', () => {
  it('goes on where the one before ended, until there is no more', async () => {
    const seen: number[] = [];
    let pages = 0;
    for (let cursor: string | null | undefined; cursor !== null; pages += 1) {
      const { items, nextCursor } = await page({ limit: '2', ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...items.map(({ n }) => n));
      cursor = nextCursor;
    }
    expect([seen, pages]).toEqual([NUMBERS, 3]);
  });

  it('has no next one when it is full and nothing comes after', async () => {
    expect(await page({ limit: '5' })).toMatchObject({ items: { length: 5 }, nextCursor: null });
  });

  it('is refused a cursor of another list', async () => {
    const { nextCursor } = await page({ limit: '1' });
    await expect(page({ cursor: nextCursor ?? '' }, 'default letters')).rejects.toMatchObject({ status: 400, code: 'invalid_cursor' });
  });
});

describe('a limit', () => {
  it('is 50 unless asked, and 200 at most', () => {
    expect([readLimit({}), readLimit({ limit: '1' }), readLimit({ limit: '200' })]).toEqual([50, 1, 200]);
  });

  it.each(['0', '201', '-1', '1.5', '', 'many'])('is refused as "%s"', (limit) => {
    expect(() => readLimit({ limit })).toThrow('from 1 to 200');
  });
});
