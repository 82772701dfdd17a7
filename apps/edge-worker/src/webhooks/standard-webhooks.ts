/** Signatures of the Standard Webhooks specification, made and checked (https://www.standardwebhooks.com, v1: HMAC-SHA256). */
import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SignedMessage } from '@errand/executors/integration/callback-executor';

/** A delivery older or newer than this may be a replay. */
const TOLERANCE_S = 300;
/** Signatures looked at; more only cost time. */
const MAX_SIGNATURES = 10;

/** What a delivery brought, raw. */
export interface ReceivedMessage {
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  readonly signatures: string | undefined;
  /** The bytes as they came: parsing and writing again would change them. */
  readonly body: Uint8Array;
}

export type Verification = { readonly ok: true; readonly eventId: string } | { readonly ok: false; readonly reason: string };

/** The key in a secret (`whsec_` and base64), or `undefined` for a text that holds none of 16 to 64 bytes. */
export function signingKey(secret: string): Buffer | undefined {
  const text = secret.replace(/^whsec_/, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const key = Buffer.from(text, 'base64');
  return key.length >= 16 && key.length <= 64 ? key : undefined;
}

/** The three headers of a delivery, signed. */
export function signedHeaders({ id, timestamp, body }: SignedMessage, secret: string): Record<string, string> {
  const key = signingKey(secret);
  if (key === undefined) throw new Error('The signing secret is not well formed.');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${signature}` };
}

/** Verifies a delivery against every live secret, before anything of it is parsed. */
export function verifyMessage(message: ReceivedMessage, secrets: readonly string[], now: number): Verification {
  const { id, timestamp, signatures, body } = message;
  if (id === undefined || timestamp === undefined || signatures === undefined)
    return refused('The headers webhook-id, webhook-timestamp and webhook-signature are needed.');
  if (!/^[\x21-\x7e]{1,256}$/.test(id)) return refused('The webhook-id is no id.');
  if (!/^\d{1,12}$/.test(timestamp)) return refused('The webhook-timestamp is no number of seconds.');
  if (Math.abs(now / 1_000 - Number(timestamp)) > TOLERANCE_S) return refused('The webhook-timestamp is too far from now.');
  const given = signatures.split(' ');
  if (given.length > MAX_SIGNATURES) return refused(`There are more than ${MAX_SIGNATURES} signatures.`);
  const expected = secrets.flatMap((secret) => {
    const key = signingKey(secret);
    return key === undefined ? [] : [createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest()];
  });
  const matches = given
    .filter((one) => one.startsWith('v1,'))
    .map((one) => decoded(one.slice(3)))
    .some((signature) => expected.some((one) => sameBytes(one, signature)));
  return matches ? { ok: true, eventId: id } : refused('No signature is right.');
}

function refused(reason: string): Verification {
  return { ok: false, reason };
}

/** Base64 in its one spelling; Node would skip over what is none, and so take many texts for one signature. */
function decoded(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : Buffer.alloc(0);
}

function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
