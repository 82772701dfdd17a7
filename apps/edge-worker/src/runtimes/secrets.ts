/** The secrets of a service: what seals credentials, the first key, and what signs the first namespace's webhooks. */
import { randomBytes } from 'node:crypto';
import { mintKey } from '../catalog/api-key.ts';

export interface Secrets {
  /** Key-encryption key, base64. */
  readonly kek: string;
  readonly apiKey: string;
  readonly signingSecret: string;
}

/** Makes new ones. `environment` is the word in the key by which people tell a key of development from one that counts. */
export function newSecrets(environment: 'dev' | 'live'): Secrets {
  return {
    kek: randomBytes(32).toString('base64'),
    apiKey: mintKey(environment, (count) => randomBytes(count)).key,
    signingSecret: `whsec_${randomBytes(24).toString('base64')}`,
  };
}
