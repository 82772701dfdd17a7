/**
 * Secrets at rest, sealed with AES-256-GCM. The name of the secret is part of what is authenticated, so that a row which was copied over
 * another one does not open.
 */
import { Buffer } from 'node:buffer';
import { createCipheriv, createDecipheriv } from 'node:crypto';

/** Bytes of a GCM nonce and of its tag (NIST SP 800-38D). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals and opens texts under one 32-byte key. */
export class Envelope {
  readonly #key: Uint8Array;
  readonly #randomBytes: (count: number) => Uint8Array;

  constructor(key: Uint8Array, randomBytes: (count: number) => Uint8Array) {
    this.#key = key;
    this.#randomBytes = randomBytes;
  }

  /** Seals a text. `about` names it, such as `connection|default|psp|1`; {@link open} must be given the same. */
  seal(text: string, about: string): string {
    const nonce = this.#randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(about));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `v1.${sealed.toString('base64url')}`;
  }

  /** Opens a sealed text. Throws for one that was sealed under another key or with another `about`. */
  open(sealed: string, about: string): string {
    const bytes = Buffer.from(sealed.replace(/^v1\./, ''), 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(about));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
  }
}
