/** Keys for one purpose each, derived from the key-encryption key, so that none can stand in for another. */
import { hkdfSync } from 'node:crypto';

export type Purpose = 'api-keys' | 'cursors' | 'tokens' | 'envelopes';

/** The 32-byte key for a purpose (HKDF-SHA-256, RFC 5869). */
export function subkey(keyEncryptionKey: string, purpose: Purpose): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', keyEncryptionKey, '', `errand ${purpose}`, 32));
}
