/** Prints new secrets for a deployment, as `wrangler secret bulk` takes them. They are kept nowhere else. */
import { newSecrets } from './secrets.ts';

const { kek, apiKey, signingSecret } = newSecrets('live');
console.log(JSON.stringify({ ERRAND_KEK: kek, ERRAND_DEV_KEY: apiKey, ERRAND_DEV_SIGNING_SECRET: signingSecret }, null, 2));
