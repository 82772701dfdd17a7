/** API keys: `errand_<env>_<id>_<secret><crc>`. Scanners find the prefix; the checksum refuses a typo without a look-up. */
import { createHmac } from 'node:crypto';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PATTERN = /^errand_([a-z]{1,12})_([0-9A-Za-z]{12})_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/;

/** Makes a new key for an environment (`dev`, `live`). The text is shown once and never stored. */
export function mintKey(environment: string, randomBytes: (count: number) => Uint8Array): { id: string; key: string } {
  const id = base62(randomBytes(12));
  const body = `errand_${environment}_${id}_${base62(randomBytes(32))}`;
  return { id: `key_${id}`, key: `${body}${checksum(body)}` };
}

/** Reads the id of a well-formed key, or `undefined`. */
export function parseKey(text: string): { id: string } | undefined {
  const match = PATTERN.exec(text);
  if (match === null || checksum(text.slice(0, -6)) !== match[4]) return undefined;
  return { id: `key_${match[2]}` };
}

/** What is stored of a key. Synchronous: Web Crypto costs a tenth of a request. */
export function hashKey(key: string, pepper: Uint8Array): string {
  return createHmac('sha256', pepper).update(key).digest('base64url');
}

function base62(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => DIGITS.charAt(byte % 62)).join('');
}

/** CRC-32 (IEEE) in six digits of base 62. */
function checksum(text: string): string {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  let digits = '';
  while (digits.length < 6) {
    digits = DIGITS.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}
