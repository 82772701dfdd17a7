import { assert, constantFrom, nat, pre, property, record, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signedHeaders, signingKey, verifyMessage, type ReceivedMessage } from './standard-webhooks.ts';

/** The vector of the specification's reference libraries (standard-webhooks/standard-webhooks, `libraries/*` tests). */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const VECTOR = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body: '{"test": 2432232314}' };
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const NOW = VECTOR.timestamp * 1_000;

function received(over: Partial<Record<keyof ReceivedMessage, string>> = {}): ReceivedMessage {
  const { body = VECTOR.body, id = VECTOR.id, timestamp = String(VECTOR.timestamp), signatures = SIGNATURE } = over;
  return { id, timestamp, signatures, body: new TextEncoder().encode(body) };
}

describe('a Standard Webhooks signature', () => {
  it('is the published one', () => {
    expect(signedHeaders(VECTOR, SECRET)).toEqual({
      'webhook-id': VECTOR.id,
      'webhook-timestamp': String(VECTOR.timestamp),
      'webhook-signature': SIGNATURE,
    });
    expect(verifyMessage(received(), [SECRET], NOW)).toEqual({ ok: true, eventId: VECTOR.id });
  });

  it('is found among others, and under any live secret', () => {
    const other = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const signatures = `v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v2,x ${SIGNATURE} v1,`;
    expect(verifyMessage(received({ signatures }), [other, SECRET], NOW).ok).toBe(true);
    expect(verifyMessage(received(), [other], NOW).ok).toBe(false);
    expect(verifyMessage(received(), [], NOW).ok).toBe(false);
  });

  it('is good for five minutes either way', () => {
    for (const [offsetMs, ok] of [
      [300_000, true],
      [-300_000, true],
      [301_000, false],
      [-301_000, false],
    ] as const)
      expect([offsetMs, verifyMessage(received(), [SECRET], NOW + offsetMs).ok]).toEqual([offsetMs, ok]);
  });

  it.each<[string, Partial<Record<keyof ReceivedMessage, string>>]>([
    ['a timestamp that is no number', { timestamp: '1614265330.0' }],
    ['a negative timestamp', { timestamp: '-1614265330' }],
    ['a timestamp with a sign', { timestamp: '+1614265330' }],
    ['a timestamp in hexadecimal', { timestamp: '0x60379a72' }],
    ['an empty timestamp', { timestamp: '' }],
    ['an empty id', { id: '' }],
    ['eleven signatures', { signatures: `${'v1,x '.repeat(10)}${SIGNATURE}` }],
    ['a signature in another spelling', { signatures: SIGNATURE.replace('=', '') }],
    ['a signature in base64url', { signatures: SIGNATURE.replaceAll('+', '-').replaceAll('/', '_') }],
    ['a signature with blanks that a lenient reader skips', { signatures: SIGNATURE.replace('g0', 'g\t0') }],
    ['another version', { signatures: SIGNATURE.replace('v1', 'v1a') }],
    ['no version', { signatures: SIGNATURE.slice(3) }],
  ])('is refused with %s', (_name, over) => {
    expect(verifyMessage(received(over), [SECRET], NOW).ok).toBe(false);
  });

  it('is refused without any one of its headers', () => {
    for (const missing of ['id', 'timestamp', 'signatures'] as const)
      expect(verifyMessage({ ...received(), [missing]: undefined }, [SECRET], NOW).ok).toBe(false);
  });

  it('is refused after any change of id, timestamp, body or signature', () => {
    const texts = { id: VECTOR.id, timestamp: String(VECTOR.timestamp), body: VECTOR.body, signatures: SIGNATURE };
    const change = record({
      member: constantFrom('id', 'timestamp', 'body', 'signatures' as const),
      at: nat(),
      to: string({ unit: 'binary-ascii', minLength: 0, maxLength: 2 }),
    });
    const accepted: unknown[] = [];
    assert(
      property(change, ({ member, at, to }) => {
        const before = texts[member as keyof typeof texts];
        const place = at % before.length;
        const after = before.slice(0, place) + to + before.slice(place + 1);
        // Blanks between signatures, and an unknown signature beside the right one, mean the same.
        pre(after !== before && !(member === 'signatures' && after.split(' ').includes(SIGNATURE)));
        if (verifyMessage(received({ [member]: after }), [SECRET], NOW).ok) accepted.push({ member, after });
      }),
      { numRuns: 5_000 },
    );
    expect(accepted).toEqual([]);
  });

  it('needs a secret of 16 to 64 bytes', () => {
    for (const bytes of [15, 65]) expect(signingKey(`whsec_${Buffer.alloc(bytes).toString('base64')}`)).toBeUndefined();
    for (const secret of ['', 'whsec_', 'whsec_!!!', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS_']) expect(signingKey(secret)).toBeUndefined();
    expect(signingKey(SECRET)).toHaveLength(24);
  });
});
