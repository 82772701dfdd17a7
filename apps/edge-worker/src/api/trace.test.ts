import { expect, it } from 'vitest';
import { traceHeader, traceIdOf } from './trace.ts';

const sending = (traceparent: string) => new Request('https://errand.test/', { headers: { traceparent } });
const TRACE = '0af7651916cd43dd8448eb211c80319c';

it.each([`00-${TRACE}-b7ad6b7169203331-01`, `01-${TRACE}-b7ad6b7169203331-01-more`])('continues the trace of %s', (traceparent) => {
  expect(traceIdOf(sending(traceparent))).toBe(TRACE);
});

it.each([
  'nonsense',
  `ff-${TRACE}-b7ad6b7169203331-01`,
  `00-${TRACE}-0000000000000000-01`,
  `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
  `00-${TRACE.toUpperCase()}-b7ad6b7169203331-01`,
])('begins a trace of its own for %s', (traceparent) => {
  const traceId = traceIdOf(sending(traceparent));
  expect(traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(traceId).not.toBe(TRACE);
});

it('answers with its own part in the trace', () => {
  expect(traceHeader(TRACE)).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
});
