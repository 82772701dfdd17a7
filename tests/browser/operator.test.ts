/** An operator's incident, and an engineer's new type: found, understood and mended without leaving the app. */
import type axeCore from 'axe-core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { executable, soon, useAdminApp } from './admin-app.ts';

const app = useAdminApp();
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Redriven {
  readonly input: { readonly code: string };
  readonly generation: number;
}

/** Tasks that have failed for good, with this error. */
async function failMany(code: string, tag: string, count: number): Promise<void> {
  const tasks = Array.from({ length: count }, () => ({
    type: 'example.flaky',
    input: { failures: 1, retryable: false, code },
    tags: [tag],
  }));
  await app.service.call('POST', '/v1/tasks:batch', { tasks });
  await soon(async () => (await app.service.call('GET', `/v1/tasks:count?tag=${tag}`)).body.byStatus.failed).toBeGreaterThanOrEqual(count);
}

const count = async (query: string) => (await app.service.call('GET', `/v1/tasks:count?${query}`)).body.byStatus;
const cursorAfter = async (query: string) => (await app.service.call('GET', `/v1/tasks?${query}&limit=200`)).body.nextCursor;
const dialogOf = (page: Page) => page.getByRole('dialog');

describe.skipIf(executable === undefined)('an operator', () => {
  it('sees why tasks failed, and redrives those of one cause', async () => {
    await failMany('card.expired', 'incident', 3);
    await app.service.call('POST', '/v1/tasks:batch', {
      tasks: Array.from({ length: 230 }, () => ({
        type: 'example.flaky',
        input: { failures: 1, retryable: false, code: 'psp.down' },
        tags: ['incident'],
      })),
    });
    await soon(async () => (await count('tag=incident')).failed).toBe(233);
    const page = await app.open('/tasks?tag=incident', { key: app.keys.dev });
    await page.getByRole('button', { name: 'Why did they fail?' }).click();
    await soon(() => page.locator('[data-cause]').allTextContents()).toHaveLength(2);
    expect(await page.locator('[data-cause]').first().textContent()).toContain('230psp.down');
    await page.getByRole('button', { name: 'Redrive example.flaky@1 that ended with psp.down' }).click();
    await dialogOf(page).getByLabel('Reason').fill('The provider is back.');
    await dialogOf(page).getByRole('button', { name: 'Redrive 230 tasks' }).click();
    await dialogOf(page).getByText('230 of 230 done.').waitFor({ timeout: 15_000 });
    await dialogOf(page).getByRole('button', { name: 'Close' }).first().click();
    // Those of the other cause were let alone.
    const tried = (await app.service.call('GET', '/v1/tasks?tag=incident&limit=200')).body.items;
    const rest = (await app.service.call('GET', '/v1/tasks?tag=incident&limit=200&cursor=' + (await cursorAfter('tag=incident')))).body
      .items;
    const generations = [...tried, ...rest].map(({ input, generation }: Redriven) => `${input.code} ${generation}`);
    expect(Object.entries(Object.groupBy(generations, String)).map(([name, all]) => [name, all?.length])).toEqual(
      expect.arrayContaining([
        ['psp.down 2', 230],
        ['card.expired 1', 3],
      ]),
    );
    const [redriven] = tried;
    const { items } = (await app.service.call('GET', `/v1/tasks/${redriven.id}/events`)).body;
    expect(items.map(({ reason }: { reason?: string }) => reason)).toContain('The provider is back.');
  }, 40_000);

  it('cancels all that match, and hears what was refused', async () => {
    const scheduledFor = new Date(Date.now() + 3_600_000).toISOString();
    const tasks = Array.from({ length: 12 }, (_, value) => ({ type: 'example.echo', input: { value }, tags: ['late'], scheduledFor }));
    await app.service.call('POST', '/v1/tasks:batch', { tasks });
    const page = await app.open('/tasks?tag=late', { key: app.keys.dev, expected: /409/ });
    await page.getByText('12 tasks').waitFor();
    const refused = (await app.service.call('GET', '/v1/tasks?tag=late&limit=1')).body.items[0].id;
    await page.route(`**/v1/tasks/${refused}/cancel`, async (route) => {
      await app.service.call('POST', `/v1/tasks/${refused}/retry-now`, {});
      await soon(async () => (await app.service.call('GET', `/v1/tasks/${refused}`)).body.status).toBe('completed');
      await route.continue();
    });
    await page.getByRole('button', { name: 'Do with all…' }).click();
    await page.getByRole('menuitem', { name: 'Cancel' }).click();
    await dialogOf(page).getByRole('button', { name: 'Cancel 12 tasks' }).click();
    await dialogOf(page).getByText('11 of 12 done, 1 refused.').waitFor({ timeout: 15_000 });
    await dialogOf(page).getByText(/^1 × /).waitFor();
    await dialogOf(page).getByRole('button', { name: 'Close' }).first().click();
    await soon(() => page.evaluate(() => document.activeElement?.textContent)).toContain('Do with all');
    expect(await count('tag=late')).toEqual({ canceled: 11, completed: 1 });
  });

  it('is offered nothing for tasks that are not counted yet', async () => {
    const page = await app.open('/tasks?tag=nothing-like-it', { key: app.keys.dev });
    await page.getByText('No task matches').waitFor();
    await page.goto(`${app.service.url}/admin/tasks?status=completed,failed`);
    await page.getByRole('button', { name: 'Do with all…' }).waitFor();
    let answer = (): void => {};
    const asked = new Promise<void>((done) => (answer = done));
    await page.route('**/v1/tasks:count*', async (route) => {
      await asked;
      await route.continue();
    });
    await page.getByRole('combobox', { name: 'Kind' }).click();
    await page.getByRole('option', { name: 'automated' }).click();
    await soon(() => page.getByRole('button', { name: 'Do with all…' }).count()).toBe(0);
    answer();
    await page.getByRole('button', { name: 'Do with all…' }).waitFor();
    expect(page.url()).toContain('kind=automated');
  });

  it('finds a task by its id, wherever it was copied from', async () => {
    const id = await app.submit({ order: 'F-1' });
    const page = await app.open('/tasks', { key: app.keys.dev, expected: /404/ });
    await page.getByLabel('Find a task by its id').fill(`  error at "${id}", attempt 1`);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'refund.decide@1' }).waitFor();
    expect(page.url()).toBe(`${app.service.url}/admin/tasks/${id}`);
    await page.goto(`${app.service.url}/admin/tasks/task_00000000000000000000000000`);
    await page.getByText('There is nothing here that this key may see.').waitFor();
    await page.getByRole('link', { name: 'All tasks' }).waitFor();
  });

  it('is not told that all is well when nothing could be read', async () => {
    const page = await app.open('/nowhere', { key: app.keys.dev, expected: /500/ });
    await page.route(/\/v1\/(stats|tasks\?|inbox)/, (route) => route.fulfill({ status: 500, body: '' }));
    await page.goto(`${app.service.url}/admin/`);
    const attention = page.getByRole('region', { name: 'Needs attention' });
    await attention.getByText('The service answered 500').first().waitFor({ timeout: 15_000 });
    expect(await attention.getByText('Nothing does.').count()).toBe(0);
  }, 30_000);

  it('makes a key, shown once, and revokes it', async () => {
    const page = await app.open('/keys', { key: app.keys.dev });
    await page.getByRole('button', { name: 'Make a key' }).click();
    await dialogOf(page).getByRole('textbox', { name: 'Name' }).fill('Night shift');
    await dialogOf(page).getByLabel('tasks:read').check();
    await dialogOf(page).getByLabel('Acts as the person').fill('nia');
    await dialogOf(page).getByRole('button', { name: 'Make the key' }).click();
    const key = (await dialogOf(page).locator('[data-new-key]').textContent()) ?? '';
    expect((await app.service.call('GET', '/v1/me', undefined, { authorization: `Bearer ${key}` })).body.person.id).toBe('nia');
    await dialogOf(page).getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('button', { name: 'Revoke Night shift' }).click();
    await dialogOf(page).getByRole('button', { name: 'Revoke', exact: true }).click();
    await soon(() => page.locator('tr[data-key="Night shift"]').count()).toBe(0);
    expect((await app.service.call('GET', '/v1/me', undefined, { authorization: `Bearer ${key}` })).status).toBe(401);
  });

  it('changes the routing rules, not over another’s change, and tries them on a task', async () => {
    const page = await app.open('/routing', { key: app.keys.dev, expected: /412|422/ });
    await page.getByText('No rule: every task goes where its type says.').waitFor();
    await page.getByRole('button', { name: 'Change the rules' }).click();
    const rules = dialogOf(page).getByLabel('Rules, in order');
    await rules.fill('[{ "name": "big", "route": {} }]');
    await dialogOf(page).getByRole('button', { name: 'Save' }).click();
    await dialogOf(page).getByText('decides nothing: give a lane, a priority or both').waitFor();
    await rules.fill('[{ "name": "big", "when": "${input.a > 10}", "route": { "priority": 1 } }]');
    await app.service.call('PUT', '/v1/routing-rules', { rules: [{ name: 'other', tags: ['x'], route: { priority: 2 } }] });
    await dialogOf(page).getByRole('button', { name: 'Save' }).click();
    await dialogOf(page).getByText('Somebody else has saved other rules').waitFor();
    await dialogOf(page).getByRole('button', { name: 'Leave them as they are' }).click();
    await page.locator('tr[data-rule="other"]').waitFor();
    await page.getByRole('button', { name: 'Change the rules' }).click();
    await rules.fill('[{ "name": "big", "when": "${input.a > 10}", "route": { "priority": 1 } }]');
    await dialogOf(page).getByRole('button', { name: 'Save' }).click();
    await page.locator('tr[data-rule="big"]').waitFor();
    await page.getByRole('combobox', { name: 'Type' }).fill('example.sum');
    await page.getByRole('option', { name: 'example.sum@1' }).click();
    await page.getByLabel('Input', { exact: true }).fill('{ "a": 11, "b": 1 }');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByText('by the rule big').waitFor();
    const { body } = await app.service.call('PUT', '/v1/routing-rules', { rules: [] });
    expect(body.rules).toEqual([]);
  });

  it('tests a connection, and reads what came to a hook', async () => {
    const connection = { name: 'self', baseUrl: app.service.url, auth: { type: 'none' } };
    await app.service.call('POST', '/v1/connections', connection);
    const secrets = [`whsec_${Buffer.alloc(24, 7).toString('base64')}`];
    const hook = { name: 'in', preset: 'standard-webhooks', secrets, on: [{ submit: { type: 'example.echo', input: {} } }] };
    const { url } = (await app.service.call('POST', '/v1/hooks', hook)).body;
    await fetch(url, { method: 'POST', body: '{}' });
    const page = await app.open('/third-parties', { key: app.keys.dev });
    await page.getByLabel('Path to try of self').fill('/healthz');
    await page.keyboard.press('Enter');
    await page.locator('[data-connection="self"]').getByText('It answered 200').waitFor();
    await page.getByRole('button', { name: 'Show deliveries of in' }).click();
    const delivery = page.locator('tr[data-delivery]');
    await soon(() => delivery.count()).toBe(1);
    expect(await delivery.textContent()).toContain('refusedbad_signature');
  });
});

describe.skipIf(executable === undefined)('an engineer', () => {
  it('publishes the next version of a type, is warned of what it breaks, and tries it', async () => {
    const first = {
      name: 'mail.read',
      version: 1,
      kind: 'manual',
      inputSchema: { type: 'object', properties: { subject: { type: 'string' } } },
      outputSchema: { type: 'object', properties: { spam: { type: 'boolean' } } },
    };
    await app.service.call('POST', '/v1/task-types', first);
    const page = await app.open('/types', { key: app.keys.dev, expected: /409/ });
    await page.getByLabel('Search task types').fill('mail');
    await page.getByRole('button', { name: 'mail.read@1' }).click();
    await page.getByRole('button', { name: 'New version of mail.read' }).click();
    const definition = dialogOf(page).getByLabel('Definition');
    const next = JSON.parse(await definition.inputValue());
    expect(next.version).toBe(2);
    await definition.fill(JSON.stringify({ ...next, inputSchema: { ...first.inputSchema, required: ['subject'] } }));
    await dialogOf(page).getByRole('button', { name: 'Publish', exact: true }).click();
    await dialogOf(page).getByText('requires the property "subject"').waitFor();
    await dialogOf(page).getByRole('button', { name: 'Publish all the same' }).click();
    await page.getByRole('button', { name: 'Try mail.read@2' }).click();
    await dialogOf(page).getByLabel('Input', { exact: true }).fill('{ "subject": 5 }');
    await dialogOf(page).getByRole('button', { name: 'Check', exact: true }).click();
    await dialogOf(page).getByText('#/input/subject').waitFor();
    await dialogOf(page).getByLabel('Input', { exact: true }).fill('{ "subject": "Win!" }');
    await dialogOf(page).getByRole('button', { name: 'Submit' }).click();
    await page.getByRole('heading', { name: 'mail.read@2', level: 1 }).waitFor();
    await page.getByText('Win!').waitFor();
  });
});

describe.skipIf(executable === undefined)('every page and dialog', () => {
  it.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)('breaks no rule of WCAG 2.2 AA that a machine can check: %s at %i px', { timeout: 60_000 }, async (colorScheme, width) => {
    await failMany('card.expired', 'wcag', 1);
    const id = await app.submit({ rows: [1, 2].map((n) => ({ n, text: 'a' })) });
    const page = await app.open('/', { key: app.keys.dev, width, colorScheme });
    const paths = ['/', '/inbox', `/inbox/${id}`, '/tasks?causes=shown', `/tasks/${id}`, '/types', '/routing', '/third-parties', '/keys'];
    for (const path of paths) {
      await page.goto(`${app.service.url}/admin${path}`);
      await page.locator('main :is(h1, h2, p)').first().waitFor();
      await soon(() => page.locator('[aria-busy="true"]').count()).toBe(0);
      expect([path, await offencesOf(page)]).toEqual([path, []]);
      expect([path, await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)]).toEqual([path, 0]);
    }
    await page.getByRole('button', { name: 'Make a key' }).click();
    expect(['dialog', await offencesOf(page)]).toEqual(['dialog', []]);
  });
});

async function offencesOf(page: Page): Promise<string[]> {
  // As the debugger's, so that the page's own policy against code from elsewhere stays in force.
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof axeCore };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  });
}
