import { Request } from 'miniflare';
import { describe, expect, it } from 'vitest';
import { faultOf, type OutboundAnswer, type OutboundRequest } from '@errand/executors/integration/outbound';
import { createOutboundService } from './outbound-service.ts';

function serviceThatGets(answer: OutboundAnswer) {
  const asked: OutboundRequest[] = [];
  const handle = createOutboundService(async (request) => {
    asked.push(request);
    return answer;
  });
  return { handle, asked };
}

const ok = (over: Partial<Extract<OutboundAnswer, { ok: true }>['response']> = {}): OutboundAnswer => ({
  ok: true,
  response: { status: 200, headers: {}, body: new TextEncoder().encode('hello'), ...over },
});

describe('the way out of a worker in miniflare', () => {
  it('hands a request on as it is, without what the simulator adds', async () => {
    const { handle, asked } = serviceThatGets(ok({ status: 201, headers: { 'x-a': '1', 'content-length': '9' } }));
    const headers = { 'x-mine': 'y', 'mf-something': 'z', 'cf-ray': 'z', 'errand-outbound-timeout-ms': '1234' };
    const response = await handle(new Request('https://example.com/a?b', { method: 'POST', headers, body: 'body' }));
    expect(asked).toMatchObject([{ url: 'https://example.com/a?b', method: 'POST', body: 'body', timeoutMs: 1_234 }]);
    expect(Object.keys(asked[0]?.headers ?? {}).filter((name) => name !== 'content-type')).toEqual(['x-mine']);
    expect([response.status, response.headers.get('x-a'), await response.text()]).toEqual([201, '1', 'hello']);
  });

  it('tells a fault by a header that no third party can send', async () => {
    const blocked = await serviceThatGets(faultOf('blocked', 'No.')).handle(new Request('https://example.com/'));
    expect([blocked.headers.get('errand-outbound-fault'), await blocked.text()]).toEqual(['blocked', 'No.']);
    const forged = await serviceThatGets(ok({ headers: { 'errand-outbound-fault': 'tls' } })).handle(new Request('https://example.com/'));
    expect(forged.headers.has('errand-outbound-fault')).toBe(false);
  });

  it('tells which status an answer had that could not be read', async () => {
    const large = await serviceThatGets(faultOf('too_large', 'Large.', 201)).handle(new Request('https://example.com/'));
    expect(large.headers.get('errand-outbound-fault-status')).toBe('201');
    const none = await serviceThatGets(faultOf('timeout', 'Late.')).handle(new Request('https://example.com/'));
    expect(none.headers.has('errand-outbound-fault-status')).toBe(false);
  });

  it.each([204, 304])('passes %i on without a body', async (status) => {
    const response = await serviceThatGets(ok({ status })).handle(new Request('https://example.com/'));
    expect([response.status, await response.text()]).toEqual([status, '']);
  });

  it.each([101, 199, 600, 999])('knows no status %i', async (status) => {
    const response = await serviceThatGets(ok({ status })).handle(new Request('https://example.com/'));
    expect(response.headers.get('errand-outbound-fault')).toBe('connection');
  });
});
