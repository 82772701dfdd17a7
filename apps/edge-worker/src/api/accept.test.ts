import { describe, expect, it } from 'vitest';
import { prefers, requireAcceptable } from './accept.ts';

const asking = (accept?: string) => new Request('https://errand.test/', accept === undefined ? {} : { headers: { accept } });
const STREAM = 'text/event-stream';

describe('requireAcceptable', () => {
  it.each([
    undefined,
    '',
    '*/*',
    'application/json',
    'application/*',
    'application/problem+json',
    'text/html, */*;q=0.1',
    'APPLICATION/JSON;q=0.5',
  ])('lets a JSON endpoint answer %s', (accept) => {
    expect(() => requireAcceptable(asking(accept))).not.toThrow();
  });

  it.each(['text/html', 'image/*', 'application/json;q=0, application/problem+json;q=0', 'application/xml'])(
    'refuses %s, which no JSON endpoint can answer',
    (accept) => {
      expect(() => requireAcceptable(asking(accept))).toThrow('Say so in "Accept"');
    },
  );

  it('lets the most specific range decide', () => {
    expect(() => requireAcceptable(asking('text/plain;q=0, */*'), ['text/plain'])).toThrow('text/plain');
  });
});

describe('prefers', () => {
  it.each([
    [STREAM, true],
    [`application/json;q=0.5, ${STREAM}`, true],
    [`${STREAM};q=0.5, application/json`, false],
    ['*/*', false],
    [undefined, false],
  ])('with Accept %s a stream is preferred: %s', (accept, expected) => {
    expect(prefers(asking(accept), STREAM, 'application/json')).toBe(expected);
  });
});
