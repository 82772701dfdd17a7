import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { folderAssets } from './folder-assets.ts';

const parent = mkdtempSync(join(tmpdir(), 'errand assets '));
const folder = join(parent, 'assets');
mkdirSync(join(folder, 'admin'), { recursive: true });
writeFileSync(join(folder, 'admin', 'index.html'), '<p>the app</p>');
writeFileSync(join(parent, 'secret.txt'), 'secret');
afterAll(() => rmSync(parent, { recursive: true }));

const assets = folderAssets(folder);
const get = (path: string, init: RequestInit = {}) => assets.fetch(new Request(`http://localhost${path}`, init));

describe('assets from a folder', () => {
  it('gives a file with its type, and nothing of it to whoever has it', async () => {
    const file = await get('/admin/index.html');
    expect([file.status, file.headers.get('content-type'), await file.text()]).toEqual([200, 'text/html; charset=utf-8', '<p>the app</p>']);
    const etag = file.headers.get('etag') ?? '';
    const again = await get('/admin/index.html', { headers: { 'if-none-match': `"other", W/${etag}` } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect(await (await get('/admin/index.html', { method: 'HEAD' })).text()).toBe('');
  });

  it.each([
    '/admin',
    '/admin/',
    '/admin/missing.js',
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/admin/..%2f..%2fsecret.txt',
    '/%00',
    '/%ff',
  ])('gives nothing for %s', async (path) => expect((await get(path)).status).toBe(404));
});
