import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startService } from '../service/running-service.ts';
import { answer, by, DECIDE, executable, row, soon, useAdminApp } from './admin-app.ts';

const app = useAdminApp();

describe.skipIf(executable === undefined)('the admin app', () => {
  it('lets in whoever has a key, and says so when a key is wrong', async () => {
    const page = await app.open('/', { expected: /401/ });
    await page.getByLabel('API key').fill('errand_dev_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This key is not known here').waitFor();
    await page.getByLabel('API key').fill(app.keys.dev);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('API key').waitFor();
    expect(await page.evaluate(() => sessionStorage.getItem('errand.key'))).toBeNull();
  });

  it('takes a person from the inbox to a completed task', async () => {
    const id = await app.submit({ order: 'A-100', customer: 'Lena' });
    const page = await app.open('/inbox?q=A-100', { key: app.keys.ana });
    await row(page, id).getByRole('link', { name: DECIDE.title }).click();
    await answer(page).getByRole('button', { name: 'Claim', exact: true }).click();
    await row(page, id).getByText('yours').waitFor();
    await answer(page).getByRole('button', { name: 'Complete' }).click();
    // What is missing is said at its field.
    const missing = answer(page).getByText('is required').filter({ visible: true });
    await soon(() => missing.count()).toBe(2);
    await answer(page).getByLabel('approve').check();
    await soon(() => missing.count()).toBe(1);
    await answer(page).getByLabel('Amount').fill('0');
    await answer(page).getByRole('button', { name: 'Complete' }).click();
    // The form is judged where it stands, and the fault is at its field.
    const amount = answer(page).getByLabel('Amount');
    await soon(() => amount.getAttribute('aria-invalid')).toBe('true');
    await answer(page).getByLabel('Comment').fill('As agreed.');
    await amount.fill('1250');
    await answer(page).getByRole('button', { name: 'Complete' }).click();
    await page.getByText('Done. The answer is with whoever asked.').waitFor();
    const { body } = await app.service.call('GET', `/v1/tasks/${id}`);
    expect([body.status, body.output]).toEqual(['completed', { decision: 'approve', amount: 1250, comment: 'As agreed.' }]);
    await soon(() => row(page, id).count()).toBe(0);
    expect(await page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('errand.draft.')))).toEqual([]);
  });

  it('fails a task with a reason', async () => {
    const id = await app.submit({ order: 'A-110' });
    await app.service.call('POST', `/v1/tasks/${id}/claim`, {}, by(app.keys.ana));
    const page = await app.open(`/inbox/${id}?view=mine`, { key: app.keys.ana });
    await answer(page).getByRole('button', { name: 'Fail…' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('There is no receipt.');
    await page.getByRole('dialog').getByRole('button', { name: 'Fail the task' }).click();
    await page.getByText('The task has failed, with your reason.').waitFor();
    const { body } = await app.service.call('GET', `/v1/tasks/${id}`);
    expect(body.error).toMatchObject({ code: 'rejected', message: 'There is no receipt.' });
  });

  it('is worked by keyboard alone', async () => {
    const [first, second] = [await app.submit({ order: 'K-1' }), await app.submit({ order: 'K-2' })];
    const page = await app.open('/inbox?q=K-', { key: app.keys.ben });
    await row(page, second).waitFor();
    await page.keyboard.press('j');
    await soon(() => row(page, first).getAttribute('aria-current')).toBe('true');
    await page.keyboard.press('j');
    await soon(() => row(page, second).getAttribute('aria-current')).toBe('true');
    await page.keyboard.press('c');
    await row(page, second).getByText('yours').waitFor();
    await answer(page).getByLabel('reject').focus();
    await page.keyboard.press('Space');
    await answer(page).getByLabel('Amount').focus();
    await page.keyboard.type('5');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Done. The answer').waitFor();
    // And on to the next.
    expect((await app.service.call('GET', `/v1/tasks/${second}`)).body.output).toEqual({ decision: 'reject', amount: 5 });
    await soon(() => row(page, first).getAttribute('aria-current')).toBe('true');
  });
});

describe.skipIf(executable === undefined)('what changes elsewhere', () => {
  // A second is a promise of the app, not of a machine that runs other tests beside it.
  it('shows within a second, and nothing is asked while nothing changes', { retry: 2 }, async () => {
    const id = await app.submit({ order: 'L-1' });
    const page = await app.open('/inbox?q=L-', { key: app.keys.ana });
    await row(page, id).waitFor();
    await page.getByRole('status').getByText('live').waitFor();
    await page.waitForTimeout(1_500);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.waitForTimeout(5_000);
    expect(asked).toEqual([]);
    await app.service.call('POST', `/v1/tasks/${id}/claim`, {}, by(app.keys.ben));
    await row(page, id).getByText('Ben Okafor').waitFor({ timeout: 1_000 });
    const other = await app.submit({ order: 'L-2' });
    await row(page, other).waitFor({ timeout: 1_000 });
  });

  it('takes away nothing that was typed: another’s claim, a lost connection, a reload', async () => {
    const id = await app.submit({ order: 'T-1' });
    const look = { expected: /409|ERR_|Failed to load/ };
    const [ana, ben] = await Promise.all([
      app.open(`/inbox/${id}`, { key: app.keys.ana, ...look }),
      app.open(`/inbox/${id}`, { key: app.keys.ben, ...look }),
    ]);
    const comment = answer(ana).getByLabel('Comment');
    await comment.fill('Three calls, no answer.');
    await answer(ben).getByRole('button', { name: 'Claim', exact: true }).click();
    await answer(ana).getByText('Ben Okafor holds this task').waitFor();
    await answer(ana).getByRole('button', { name: 'Copy what you typed' }).waitFor();
    expect(await comment.inputValue()).toBe('Three calls, no answer.');
    expect(await comment.isDisabled()).toBe(true);
    await answer(ben).getByRole('button', { name: 'Release' }).click();
    await answer(ana).getByText('Nobody holds this task').waitFor();

    await ana.context().setOffline(true);
    await comment.fill('Three calls, no answer. One letter.');
    await answer(ana).getByLabel('approve').check();
    await answer(ana).getByLabel('Amount').fill('7');
    await answer(ana).getByRole('button', { name: 'Claim and complete' }).click();
    await answer(ana).getByRole('alert').waitFor();
    expect(await comment.inputValue()).toBe('Three calls, no answer. One letter.');
    await ana.context().setOffline(false);
    await ana.reload();
    expect(await answer(ana).getByLabel('Comment').inputValue()).toBe('Three calls, no answer. One letter.');
    await answer(ana).getByRole('button', { name: 'Claim and complete' }).click();
    await ana.getByText('Done. The answer').waitFor();
    expect((await app.service.call('GET', `/v1/tasks/${id}`)).body.output.comment).toBe('Three calls, no answer. One letter.');
  }, 40_000);

  it('tells the loser of a race who won', async () => {
    const id = await app.submit({ order: 'R-1' });
    const page = await app.open(`/inbox/${id}`, { key: app.keys.ana, expected: /409/ });
    await answer(page).getByLabel('Comment').fill('Mine!');
    // The page hears of the claim only after it has tried its own.
    await page.route('**/v1/tasks/*/claim', async (route) => {
      await app.service.call('POST', `/v1/tasks/${id}/claim`, {}, by(app.keys.ben));
      await route.continue();
    });
    await answer(page).getByRole('button', { name: 'Claim', exact: true }).click();
    await page.getByText('Somebody was faster').waitFor();
    await answer(page).getByText('Ben Okafor holds this task').waitFor();
    expect(await answer(page).getByLabel('Comment').inputValue()).toBe('Mine!');
  });

  it('comes back by itself after the service was away', async () => {
    const id = await app.submit({ order: 'B-1' });
    const page = await app.open(`/inbox/${id}?q=B-`, { key: app.keys.ana, expected: /ERR_|Failed to load/ });
    await answer(page).getByLabel('Comment').fill('Begun before the fall.');
    await app.service.stop();
    await page.getByRole('status').getByText('offline').waitFor();
    await answer(page).getByLabel('Comment').pressSequentially(' And after.');
    app.service = await startService(app.directory, { env: { PORT: new URL(app.service.url).port } });
    const other = await app.submit({ order: 'B-2' });
    await page.getByRole('status').getByText('live').waitFor({ timeout: 15_000 });
    await row(page, other).waitFor();
    expect(await answer(page).getByLabel('Comment').inputValue()).toBe('Begun before the fall. And after.');
  }, 60_000);
});

describe.skipIf(executable === undefined)('the pages', () => {
  it('list tasks by filters that live in the address, and page through them', async () => {
    await app.service.call('POST', '/v1/tasks:batch', {
      tasks: Array.from({ length: 60 }, (_, i) => ({ type: 'example.sum', input: { a: i, b: 1 }, tags: ['sixty'] })),
    });
    const page = await app.open('/tasks?tag=sixty', { key: app.keys.dev });
    await soon(() => page.locator('tr[data-task]').count()).toBe(50);
    await page.getByRole('button', { name: 'Load more' }).click();
    await soon(() => page.locator('tr[data-task]').count()).toBe(60);
    await page.getByText('60 tasks').waitFor();
    await page.getByRole('combobox', { name: 'Kind' }).click();
    await page.getByRole('option', { name: 'manual' }).click();
    await page.getByText('No task matches').waitFor();
    expect(page.url()).toContain('kind=manual');
    await page.reload();
    await page.getByText('No task matches').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await soon(() => page.locator('tr[data-task]').count()).toBe(50);
  });

  it('show everything about a task, and let an operator act on it', async () => {
    const { body } = await app.service.call('POST', '/v1/tasks', {
      type: 'example.flaky',
      input: { failures: 1, retryable: false, code: 'card.expired' },
      tags: ['vip'],
    });
    const page = await app.open(`/tasks/${body.id}`, { key: app.keys.dev });
    await page.getByRole('alert').getByText('card.expired').waitFor();
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await page.getByText('Attempt begun by the service').waitFor();
    await page.getByRole('tab', { name: 'Attempts' }).click();
    await page.getByText('Attempt 1', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Redrive' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('The card is renewed.');
    await page.getByRole('dialog').getByRole('button', { name: 'Redrive' }).click();
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await page.getByText('“The card is renewed.”').waitFor();

    const waiting = await app.submit({ order: 'W-1' });
    await page.goto(`${app.service.url}/admin/tasks/${waiting}`);
    await page.getByText('Why is it waiting?').waitFor();
    await answer(page).getByRole('button', { name: 'Claim', exact: true }).waitFor();
    expect((await app.service.call('GET', `/v1/tasks/${body.id}`)).body.generation).toBe(2);
  });

  it('count and chart what happens, and say what needs attention', async () => {
    const page = await app.open('/', { key: app.keys.dev });
    const completed = page.locator('[data-status="completed"]');
    await completed.waitFor();
    await page.locator('.recharts-bar-rectangle path').first().waitFor();
    await page.getByText('wait for somebody to claim them').waitFor();
    const before = Number((await completed.textContent())?.replaceAll(',', ''));
    expect(before).toBeGreaterThan(0);
    await app.service.call('POST', '/v1/tasks', { type: 'example.sum', input: { a: 1, b: 1 } }, { prefer: 'wait=5' });
    await soon(async () => Number((await completed.textContent())?.replaceAll(',', ''))).toBe(before + 1);
  });

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)('fit the screen, name what can be pressed, and are %s at %i px', async (colorScheme, width) => {
    const id = await app.submit({ order: 'S-1', note: 'x'.repeat(200) });
    const page = await app.open('/', { key: app.keys.dev, width, colorScheme });
    for (const path of ['/', '/inbox', `/inbox/${id}`, '/tasks', `/tasks/${id}`, '/types', '/nowhere']) {
      await page.goto(`${app.service.url}/admin${path}`);
      await page.locator('main :is(h1, h2, p)').first().waitFor();
      await page.waitForLoadState('load');
      expect([path, await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)]).toEqual([path, 0]);
      expect([path, await namelessControls(page)]).toEqual([path, []]);
    }
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const [red = 0] = background.match(/\d+/g)?.map(Number) ?? [];
    expect(red < 128).toBe(colorScheme === 'dark');
  });
});

/** Controls that a screen reader could not name. */
function namelessControls(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, a[href], input:not([type="hidden"]), textarea, select')]
      .filter((control) => control.checkVisibility() && control.closest('[aria-hidden="true"]') === null)
      .filter((control) => {
        const labels = 'labels' in control ? [...((control.labels as NodeListOf<HTMLElement> | null) ?? [])] : [];
        const named = (control.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent);
        return ![control.textContent, control.getAttribute('aria-label'), ...named, ...labels.map((label) => label.textContent)].some(
          (name) => name?.trim(),
        );
      })
      .map((control) => control.outerHTML.slice(0, 200)),
  );
}
