/** What a service says when its ground is not fit: a clear message, a non-zero exit, and nothing overwritten. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RUNTIME, startService, temporaryDirectory, type RunningService } from './running-service.ts';

let parent: ReturnType<typeof temporaryDirectory>;
let directory: string;
const running = new Set<RunningService>();
const mounts = new Set<string>();

beforeEach(() => {
  parent = temporaryDirectory();
  directory = join(parent.path, 'data');
});
afterEach(async () => {
  await Promise.all([...running].map((service) => service.stop()));
  running.clear();
  for (const mount of mounts) execFileSync('umount', [mount]);
  mounts.clear();
  chmodSync(parent.path, 0o700);
  parent.remove();
});

async function start(env: Record<string, string> = {}): Promise<RunningService> {
  const service = await startService(directory, { env });
  running.add(service);
  return service;
}

async function stop(service: RunningService): Promise<void> {
  running.delete(service);
  await service.stop();
}

/** What a start that must fail printed. */
async function refusal(env: Record<string, string> = {}): Promise<string> {
  const message = await start(env).then(
    () => 'The service started.',
    (fault: Error) => fault.message,
  );
  expect(message).toMatch(/^exit [1-9]/);
  // A stack is for us, not for whoever typed the command.
  expect(message).not.toMatch(/\n\s+at /);
  return message;
}

/** Every file below the directory by its digest. */
function digests(below = directory): Record<string, string> {
  return Object.fromEntries(
    readdirSync(below, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(below, path)).isFile() && !/lock\.sqlite|workerd\.json|dev\.json|-shm$/.test(path))
      .map((path) => [
        path,
        createHash('sha256')
          .update(readFileSync(join(below, path)))
          .digest('hex'),
      ]),
  );
}

/** The files of the catalog, or of the ledgers. */
function databases(of: 'catalog' | 'ledger'): string[] {
  const pattern = {
    workerd: { catalog: /workerd\/d1\/.*\.sqlite$/, ledger: /workerd\/do\/.*LedgerObject.*\.sqlite$/ },
    local: { catalog: /local\/catalog\.sqlite$/, ledger: /local\/objects\/.*ledger.*\.sqlite$/ },
  }[RUNTIME === 'workerd' ? 'workerd' : 'local'][of];
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(
    (path) => pattern.test(path) && !path.includes('metadata'),
  );
  return files.map((path) => join(directory, path));
}

async function startOnce(): Promise<void> {
  await stop(await start());
}

describe(`a start on ${RUNTIME}`, () => {
  it('is refused where the data directory is a file, and the file stays', async () => {
    writeFileSync(directory, 'mine');
    expect(await refusal()).toContain('it is a file');
    expect(readFileSync(directory, 'utf8')).toBe('mine');
  });

  it('is refused on a read-only directory', async (context) => {
    mkdirSync(directory);
    if (process.getuid?.() === 0) {
      if (!mount('size=1m,ro')) return context.skip('a read-only directory for root needs the right to mount');
    } else chmodSync(directory, 0o500);
    expect(await refusal()).toMatch(/read-only|may not write/);
  });

  it('is refused on a full disk', async (context) => {
    mkdirSync(directory);
    if (!mount('size=16k')) return context.skip('a full disk needs the right to mount');
    expect(await refusal()).toContain('the disk is full');
  });

  it('is refused where the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as AddressInfo;
    try {
      expect(await refusal({ PORT: String(port) })).toContain(`Port ${port} is in use`);
    } finally {
      other.close();
    }
  });

  it('is refused while another process has the directory, whichever runtime that is on', async () => {
    const service = await start();
    const other = RUNTIME === 'node' ? 'workerd' : 'node';
    await expect(startService(directory, { runtime: other })).rejects.toThrow('Another Errand is running');
    expect((await service.call('GET', '/readyz')).status).toBe(200);
  });

  it('is refused for settings that are not right, each named', async () => {
    const message = await refusal({ PORT: 'eighty', ERRAND_KEK: 'short' });
    expect(message).toContain('PORT');
    expect(message).toContain('ERRAND_KEK');
    expect(message).not.toContain('short');
  });

  it('is refused under another key-encryption key, and goes on under the right one', async () => {
    await startOnce();
    const before = digests();
    expect(await refusal({ ERRAND_KEK: 'x'.repeat(44) })).toContain('another key-encryption key');
    await startOnce();
    expect(Object.keys(digests())).toEqual(Object.keys(before));
  });

  it('is refused where the secrets are damaged, and they stay as they are', async () => {
    await startOnce();
    writeFileSync(join(directory, 'secrets.json'), '{ "kek": ');
    expect(await refusal()).toContain('secrets.json');
    expect(readFileSync(join(directory, 'secrets.json'), 'utf8')).toBe('{ "kek": ');
  });

  it.each(['catalog', 'ledger'] as const)(
    'is refused where the %s is from a newer version, and nothing of it changes',
    async (of) => {
      await startOnce();
      const [file = ''] = databases(of);
      const db = new DatabaseSync(file);
      db.exec('INSERT INTO migrations (number) VALUES (999)');
      const rows = (): unknown => db.prepare('SELECT name, sql FROM sqlite_master ORDER BY name').all();
      const before = rows();
      expect(await refusal()).toContain('newer version');
      expect(rows()).toEqual(before);
      db.exec('DELETE FROM migrations WHERE number = 999');
      db.close();
      await startOnce();
    },
    30_000,
  );

  it.each(['catalog', 'ledger'] as const)(
    'is refused where the file of the %s is damaged, and it stays as it is',
    async (of) => {
      await startOnce();
      const files = databases(of);
      for (const file of files) {
        for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
        writeFileSync(file, Buffer.alloc(8_192, 'no database at all. '));
      }
      const before = digests();
      expect(await refusal()).toMatch(/damaged|not a database/);
      expect(digests()).toMatchObject(
        Object.fromEntries(files.map((file) => [file.slice(directory.length + 1), before[file.slice(directory.length + 1)]])),
      );
    },
    30_000,
  );
});

describe(`a service on ${RUNTIME} whose disk fills up`, () => {
  it('refuses what it cannot keep, keeps what it accepted, and goes on when there is room again', async (context) => {
    mkdirSync(directory);
    if (!mount('size=24m')) return context.skip('a full disk needs the right to mount');
    let service = await start();
    const submit = () => service.call('POST', '/v1/tasks', { type: 'example.echo', input: { value: 'x'.repeat(20_000) } });
    const accepted: string[] = [];
    const first = await submit();
    accepted.push(first.body.id);
    fill(join(directory, 'ballast'));
    let refused = await submit();
    for (let tries = 0; refused.status === 201 && tries < 2_000; tries++) {
      accepted.push(refused.body.id);
      refused = await submit();
    }
    expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);
    expect(refused.headers.get('retry-after')).not.toBeNull();
    rmSync(join(directory, 'ballast'));
    await expect.poll(async () => (await submit()).status, { timeout: 15_000, interval: 200 }).toBe(201);
    await stop(service);
    service = await start();
    for (const id of accepted) expect((await service.call('GET', `/v1/tasks/${id}`)).status).toBe(200);
  }, 60_000);
});

/** A small file system of its own in place of the directory. Says whether this process may. */
function mount(options: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory], { stdio: 'ignore' });
    mounts.add(directory);
    return true;
  } catch {
    return false;
  }
}

/** Takes all the room there is. */
function fill(path: string): void {
  try {
    for (;;) writeFileSync(path, Buffer.alloc(65_536), { flag: 'a' });
  } catch {
    // No room is left.
  }
}
