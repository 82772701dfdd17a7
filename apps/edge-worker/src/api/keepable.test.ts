import { describe, expect, it } from 'vitest';
import { parseJson } from './read-body.ts';
import { Problem } from './problem.ts';

function refusalOf(text: string): Problem {
  try {
    parseJson(text);
  } catch (fault) {
    if (fault instanceof Problem) return fault;
  }
  throw new Error('It was taken.');
}

describe('JSON that no storage keeps', () => {
  it.each([
    ['{"input":{"a/b":["x","\\u0000"]}}', '#/input/a~1b/1'],
    ['{"a":"\\ud800"}', '#/a'],
    ['{"a":{"\\udfff":1}}', '#/a'],
    ['"\\u0000"', '#'],
    ['{"a":[1,{"b":1e400}]}', '#/a/1/b'],
    ['{"__proto__":{"a":-1e400}}', '#/__proto__/a'],
  ])('is refused at its place: %s', (text, pointer) => {
    const { status, options } = refusalOf(text);
    expect([status, options.errors?.map((error) => error.pointer)]).toEqual([422, [pointer]]);
  });

  it.each(['"\\\\u0000"', '"\\ud83d\\ude00"', '{"\\u00e9":"\\u0001"}', '[1e308, 5e-324, -0]'])('is not what looks like it: %s', (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });
});

it('refuses what is within the limit only as long as it is not written out', () => {
  const numbers = (count: number): string => `[${Array.from({ length: count }, () => '1e20').join(',')}]`;
  expect(refusalOf(numbers(60_000))).toMatchObject({ status: 413, code: 'payload_too_large' });
  expect(parseJson(numbers(40_000))).toHaveLength(40_000);
});

it('says of a byte order mark that it is there, for nobody sees it in a quotation', () => {
  const { status, message } = refusalOf('\uFEFF{}');
  expect([status, message]).toEqual([400, 'The body is not JSON: it begins with a byte order mark.']);
});
