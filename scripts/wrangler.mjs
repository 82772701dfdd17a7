/** `npm run wrangler -- <command>`: Cloudflare's tool, with Node 24 and for the service's configuration. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildAdmin } from './build-admin.mjs';
import { ENV, install, NODE, ROOT } from './install.mjs';

const args = process.argv.slice(2);
install();
if (args[0] === 'deploy') buildAdmin();
const { status } = spawnSync(NODE, [join(ROOT, 'tests', 'node_modules', 'wrangler', 'bin', 'wrangler.js'), ...args], {
  cwd: join(ROOT, 'apps', 'edge-worker'),
  stdio: 'inherit',
  env: ENV,
});
process.exit(status ?? 1);
