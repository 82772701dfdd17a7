/** What tests of the admin app share: a service, a browser, people with keys, and pages whose every complaint fails the test. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { buildAdmin } from '../../scripts/build-admin.mjs';
import { startService, temporaryDirectory, type RunningService } from '../service/running-service.ts';
import { findChromium, launch } from './chromium.ts';

export const executable = findChromium();

export const DECIDE = {
  name: 'refund.decide',
  version: 1,
  kind: 'manual',
  title: 'Decide on a refund',
  inputSchema: { type: 'object' },
  outputSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['decision', 'amount'],
    properties: {
      decision: { enum: ['approve', 'reject'], title: 'Decision' },
      amount: { type: 'integer', minimum: 1, title: 'Amount' },
      comment: { type: 'string', maxLength: 300, title: 'Comment' },
    },
  },
  candidates: { users: [], groups: ['ops'] },
  dueIn: 'P2D',
};

interface Look {
  readonly key?: string;
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** Faults that belong to what the test does. */
  readonly expected?: RegExp;
}

interface AdminApp {
  /** A test may stop it, and put another in its place. */
  service: RunningService;
  readonly directory: string;
  readonly keys: Record<'ana' | 'ben' | 'dev', string>;
  /** A page of a browser of its own, signed in unless told otherwise. Whatever it complains about fails the test. */
  open(path: string, look?: Look): Promise<Page>;
  submit(input: object, type?: string): Promise<string>;
}

/** Starts all of it before the tests of a file, and ends it after them. */
export function useAdminApp(): AdminApp {
  const directory = temporaryDirectory();
  const faults: string[] = [];
  let browser: Browser | undefined;
  let contexts: BrowserContext[] = [];
  const app: AdminApp = {
    service: undefined as never,
    directory: directory.path,
    keys: { ana: '', ben: '', dev: '' },
    async open(path, { key, width = 1280, colorScheme = 'light', expected } = {}) {
      if (browser === undefined) throw new Error('There is no browser');
      const context = await browser.newContext({ viewport: { width, height: 844 }, colorScheme });
      contexts.push(context);
      if (key !== undefined)
        await context.addInitScript((kept) => {
          // A test may sign in anew: what a page has kept is left alone.
          if (sessionStorage.getItem('errand.key') === null) sessionStorage.setItem('errand.key', kept);
        }, key);
      const page = await context.newPage();
      page.setDefaultTimeout(5_000);
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' && expected?.test(message.text()) !== true) faults.push(message.text());
      });
      await page.goto(`${app.service.url}/admin${path}`);
      return page;
    },
    submit: async (input, type = DECIDE.name) => (await app.service.call('POST', '/v1/tasks', { type, input })).body.id,
  };
  beforeAll(async () => {
    if (executable === undefined) return;
    buildAdmin();
    [app.service, browser] = await Promise.all([
      startService(directory.path, { env: { ERRAND_EGRESS_ALLOW: '127.0.0.1:*' } }),
      launch(executable),
    ]);
    await app.service.call('POST', '/v1/task-types', DECIDE);
    app.keys.ana = await keyOf(app.service, 'ana', 'Ana Moreno');
    app.keys.ben = await keyOf(app.service, 'ben', 'Ben Okafor');
    app.keys.dev = app.service.apiKey;
  }, 300_000);
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
    const complaints = faults.splice(0);
    if (complaints.length > 0) throw new Error(`The page complained: ${complaints.join('\n')}`);
  });
  afterAll(async () => {
    await browser?.close();
    await (app.service as RunningService | undefined)?.stop();
    directory.remove();
  });
  return app;
}

/** A key of a person of the group `ops`. */
export async function keyOf(service: RunningService, id: string, name: string): Promise<string> {
  const scopes = ['manual:work', 'tasks:read', 'tasks:submit', 'tasks:operate'];
  return (await service.call('POST', '/v1/keys', { name, scopes, person: { id, name, groups: ['ops'] } })).body.key;
}

/** Waits longer than `expect.poll` does by itself: the machine may run other tests beside these. */
export const soon = <T>(read: () => T) => expect.poll(read, { timeout: 5_000 });
export const by = (key: string) => ({ authorization: `Bearer ${key}` });
export const answer = (page: Page) => page.getByRole('region', { name: 'Your answer' });
export const row = (page: Page, id: string) => page.locator(`li[data-task="${id}"]`);
