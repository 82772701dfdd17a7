import { describe, expect, it } from 'vitest';
import { assetResponse, type Assets } from './assets.ts';

const FILES: Readonly<Record<string, string>> = {
  '/admin/index.html': 'the app',
  '/admin/assets/index-abc.js': 'code',
  '/docs/index.html': 'the documentation',
};
const assets: Assets = {
  async fetch(request) {
    const file = FILES[new URL(request.url).pathname];
    return file === undefined ? new Response(null, { status: 404 }) : new Response(file);
  },
};
const get = (path: string) => assetResponse(assets, new Request(`http://localhost${path}`));

describe('the files of the pages', () => {
  it('answers every page of the app with the app, so that reloading one works', async () => {
    for (const path of ['/admin/', '/admin/inbox', '/admin/tasks/task_01abc?tab=events']) {
      const response = await get(path);
      expect([path, await response?.text(), response?.headers.get('cache-control')]).toEqual([path, 'the app', 'no-cache']);
      expect(response?.headers.get('content-security-policy')).toContain("script-src 'self';");
    }
  });

  it('keeps files with a digest in their name for ever, and does not take a missing one for a page', async () => {
    expect((await get('/admin/assets/index-abc.js'))?.headers.get('cache-control')).toContain('immutable');
    expect(await get('/admin/assets/index-old.js')).toBeUndefined();
  });

  it('leads a browser from the address of the service to the app, and a program nowhere', async () => {
    const visit = new Request('http://localhost/', { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
    const response = await assetResponse(assets, visit);
    expect([response?.status, response?.headers.get('location')]).toEqual([303, '/admin/']);
    expect(await get('/')).toBeUndefined();
  });

  it('leads to the directory, and answers it with its page', async () => {
    expect((await get('/admin'))?.headers.get('location')).toBe('/admin/');
    expect((await get('/docs?x=1'))?.headers.get('location')).toBe('/docs/?x=1');
    expect(await (await get('/docs/'))?.text()).toBe('the documentation');
  });
});
