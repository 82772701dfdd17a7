/** The service's configuration for Cloudflare: what it binds is what runs locally, and wrangler takes it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { miniflareOptions } from '@errand/edge-worker/runtimes/cloudflare/miniflare-options';
import { createOutboundService } from '@errand/edge-worker/runtimes/cloudflare/outbound-service';
import { faultOf } from '@errand/executors/integration/outbound';
import { afterAll, describe, expect, it } from 'vitest';
import { unstable_readConfig as readConfig } from 'wrangler';
import { readTree, ROOT } from '../tidy/tree.ts';

const directory = mkdtempSync(join(tmpdir(), 'errand deploy '));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const CONFIG = join(ROOT, 'apps', 'edge-worker', 'wrangler.jsonc');
const config: any = readConfig({ config: CONFIG });

/** What the service is given when it runs here: its worker, and that of the pages. */
function localWorkers(): any[] {
  const { workers } = miniflareOptions({
    script: '',
    directory,
    host: '127.0.0.1',
    port: 0,
    assets: directory,
    settings: {},
    outboundService: createOutboundService(async () => faultOf('blocked', 'Nothing is called.')),
  });
  return (workers ?? []).map((worker) => 'config' in worker && worker.config);
}

/** The named members of every row, so that two notations of one thing can be laid side by side. */
const columns = (rows: any[], ...names: string[]): unknown[][] => rows.map((row) => names.map((name) => row[name]));

describe('the configuration for Cloudflare', () => {
  const [local, pages] = localWorkers();
  const bindings: any[] = Object.entries<any>(local.env).map(([binding, rest]) => ({ binding, ...rest }));
  const bound = (type: string): any[] => bindings.filter((binding) => binding.type === type);

  it('has the name, the compatibility and the flags of the local service', () => {
    expect(columns([config], 'name', 'compatibility_date', 'compatibility_flags')).toEqual(
      columns([local], 'name', 'compatibilityDate', 'compatibilityFlags'),
    );
  });

  it('binds the same objects, all of them on SQLite', () => {
    expect(columns(config.durable_objects.bindings, 'name', 'class_name')).toEqual(
      columns(bound('durable-object'), 'binding', 'exportName'),
    );
    expect(columns(config.migrations, 'new_sqlite_classes').flat(2)).toEqual(Object.keys(local.exports));
  });

  it('binds the same database, queues, worker and files', () => {
    expect(columns(config.d1_databases, 'binding', 'database_name')).toEqual(columns(bound('d1'), 'binding', 'id'));
    expect(columns(config.queues.producers, 'binding', 'queue')).toEqual(columns(bound('queue'), 'binding', 'name'));
    const [files, ...services] = bound('worker').toSorted((a, b) => Number(a.binding !== 'ASSETS') - Number(b.binding !== 'ASSETS'));
    expect(columns(config.services, 'binding', 'service', 'entrypoint')).toEqual(columns(services, 'binding', 'worker', 'exportName'));
    // The files are a worker of their own locally. On Cloudflare the worker answers first, which is the same to whoever asks.
    expect(config.assets.binding).toBe(files?.binding);
    expect(config.assets.run_worker_first).toBe(true);
    expect(columns([config.assets], 'html_handling', 'not_found_handling')).toEqual(
      columns([pages.assets], 'htmlHandling', 'notFoundHandling'),
    );
  });

  it('takes messages from the queues as the local service does', () => {
    expect(columns(config.queues.consumers, 'queue', 'max_batch_size', 'max_batch_timeout', 'max_retries')).toEqual(
      columns(local.triggers, 'name', 'maxBatchSize', 'maxBatchTimeout', 'maxRetries'),
    );
  });
});

describe('wrangler', () => {
  const configs = readTree().filter(({ path }) => path.endsWith('/wrangler.jsonc'));

  it.each(configs.map(({ path }) => path))(
    'would deploy %s',
    (path) => {
      const wrangler = join(ROOT, 'tests', 'node_modules', 'wrangler', 'bin', 'wrangler.js');
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [wrangler, 'deploy', '--dry-run', '--config', join(ROOT, path), '--outdir', join(directory, 'out')],
        {
          cwd: join(ROOT, dirname(path)),
          encoding: 'utf8',
          env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG_PATH: join(directory, 'logs') },
        },
      );
      expect({ status, stderr, exits: stdout.includes('--dry-run: exiting now.') }).toEqual({ status: 0, stderr: '', exits: true });
      expect(existsSync(join(directory, 'out', 'worker.js'))).toBe(true);
    },
    30_000,
  );
});

describe('the secrets of a deployment', () => {
  it('are new each time, and every one the service asks for', () => {
    const print = () => spawnSync('npm', ['run', '--silent', 'secrets'], { cwd: ROOT, encoding: 'utf8' }).stdout;
    const [first, second] = [print(), print()].map((text) => JSON.parse(text) as Record<string, string>);
    expect(Object.keys(first ?? {})).toEqual(['ERRAND_KEK', 'ERRAND_DEV_KEY', 'ERRAND_DEV_SIGNING_SECRET']);
    expect(Object.values(first ?? {}).filter((secret) => Object.values(second ?? {}).includes(secret))).toEqual([]);
  });
});
