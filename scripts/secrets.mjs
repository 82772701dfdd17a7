/** `npm run -s secrets > secrets.json`: new secrets for a deployment, as `wrangler secret bulk` takes them. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ENV, NODE, ROOT } from './install.mjs';

// Nothing but the secrets may reach standard output, so this installs nothing.
if (!existsSync(NODE)) {
  console.error('Install first: npm run check');
  process.exit(1);
}
const { status } = spawnSync(NODE, ['apps/edge-worker/src/runtimes/print-secrets.ts'], { cwd: ROOT, stdio: 'inherit', env: ENV });
process.exit(status ?? 1);
