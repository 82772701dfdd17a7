/**
 * Secrets at rest: AES-256-GCM envelopes. The associated data says whose secret it is and which, so that a row
 * copied over another does not open.
 */
import { Buffer } from 'node:buffer';
import { createCipheriv, createDecipheriv } from 'node:crypto';

/** Bytes of a GCM nonce and of its tag (NIST SP 800-38D). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals and opens under one key. */
export class Envelope {
  readonly #key: Uint8Array;
  readonly #randomBytes: (count: number) => Uint8Array;

  constructor(key: Uint8Array, randomBytes: (count: number) => Uint8Array) {
    this.#key = key;
    this.#randomBytes = randomBytes;
  }

  /** `about` is what {@link open} must be given again: `connection|default|psp|1`. */
  seal(text: string, about: string): string {
    const nonce = this.#randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(about));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `v1.${sealed.toString('base64url')}`;
  }

  /** Throws for a text that was sealed under another key or about something else. */
  open(sealed: string, about: string): string {
    const bytes = Buffer.from(sealed.replace(/^v1\./, ''), 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(about));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
  }
}
