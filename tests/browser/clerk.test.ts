/** A clerk's day: what goes wrong around a form takes nothing away from whoever fills it in. */
import { describe, expect, it } from 'vitest';
import { answer, by, executable, row, soon, useAdminApp } from './admin-app.ts';

const app = useAdminApp();

const LONG = {
  name: 'claim.assess',
  version: 1,
  kind: 'manual',
  title: 'Assess a claim',
  inputSchema: { type: 'object' },
  outputSchema: {
    type: 'object',
    required: ['on', 'address', 'damages'],
    properties: {
      on: { type: 'string', format: 'date', title: 'Day' },
      callAt: { type: 'string', format: 'date-time', title: 'Call back at' },
      address: { type: 'object', title: 'Address', required: ['city'], properties: { city: { type: 'string', title: 'City' } } },
      damages: {
        type: 'array',
        title: 'Damages',
        minItems: 1,
        items: { type: 'object', required: ['part'], properties: { part: { type: 'string', title: 'Part' } } },
      },
    },
  },
};

describe.skipIf(executable === undefined)('a clerk', () => {
  it('keeps what was typed when the task is canceled or paused meanwhile', async () => {
    const id = await app.submit({ order: 'E-1' });
    const page = await app.open(`/inbox/${id}`, { key: app.keys.ana });
    await answer(page).getByLabel('Comment').fill('Half a letter.');
    await app.service.call('POST', `/v1/tasks/${id}/pause`, {});
    await page.getByText('This task is paused while you were at it').waitFor();
    await page.getByText('Half a letter.').waitFor();
    await app.service.call('POST', `/v1/tasks/${id}/resume`, {});
    await soon(() => answer(page).getByLabel('Comment').inputValue()).toBe('Half a letter.');
    await app.service.call('POST', `/v1/tasks/${id}/cancel`, {});
    await page.getByText('This task was canceled while you were at it').waitFor();
    await page.getByText('Half a letter.').waitFor();
    await page.getByRole('button', { name: 'Copy what you typed', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Throw it away' }).click();
    await soon(() => page.getByText('Half a letter.').count()).toBe(0);
    expect(await page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('errand.draft.')))).toEqual([]);
  });

  it('goes on with another key where the first was revoked', async () => {
    const id = await app.submit({ order: 'X-1' });
    const body = { name: 'short', scopes: ['manual:work', 'tasks:read'], person: { id: 'ana', groups: ['ops'] } };
    const short = (await app.service.call('POST', '/v1/keys', body)).body;
    const page = await app.open(`/inbox/${id}`, { key: short.key, expected: /401/ });
    await answer(page).getByLabel('Comment').fill('In the middle of it.');
    await app.service.call('DELETE', `/v1/keys/${short.id}`);
    await answer(page).getByRole('button', { name: 'Claim', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Your key is no longer valid' });
    await dialog.getByLabel('API key').fill('errand_dev_wrong');
    await page.keyboard.press('Enter');
    await dialog.getByText('This key is not known here').waitFor();
    await dialog.getByLabel('API key').fill(app.keys.ana);
    await page.keyboard.press('Enter');
    await soon(() => dialog.count()).toBe(0);
    expect(await answer(page).getByLabel('Comment').inputValue()).toBe('In the middle of it.');
    await answer(page).getByRole('button', { name: 'Claim', exact: true }).click();
    await answer(page).getByRole('button', { name: 'Release' }).waitFor();
  });

  it('hears that an answer has arrived although the connection broke', async () => {
    const id = await app.submit({ order: 'V-1' });
    const page = await app.open(`/inbox/${id}?q=V-`, { key: app.keys.ana, expected: /ERR_FAILED/ });
    await page.route('**/complete', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await answer(page).getByLabel('reject').check();
    await answer(page).getByLabel('Amount').fill('3');
    await answer(page).getByRole('button', { name: 'Claim and complete' }).click();
    await page.getByText('Your answer has arrived').waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await soon(() => page.url()).not.toContain(id);
    expect((await app.service.call('GET', `/v1/tasks/${id}`)).body.output).toEqual({ decision: 'reject', amount: 3 });
  });

  it('is told how long to wait when the service is busy', async () => {
    const id = await app.submit({ order: 'U-1' });
    const page = await app.open(`/inbox/${id}`, { key: app.keys.ana, expected: /429/ });
    const problem = { title: 'Too many requests', status: 429, code: 'overloaded', detail: 'More than can be written.' };
    await page.route('**/claim', (route) =>
      route.fulfill({
        status: 429,
        headers: { 'retry-after': '7', 'content-type': 'application/problem+json' },
        body: JSON.stringify(problem),
      }),
    );
    await answer(page).getByRole('button', { name: 'Claim', exact: true }).click();
    await answer(page).getByRole('alert').waitFor();
    expect(await answer(page).getByRole('alert').textContent()).toContain('Nothing was changed. Try again in 7 seconds.');
  });

  it('sends the dialog that is open, and never the form behind it', async () => {
    const id = await app.submit({ order: 'D-1' });
    await app.service.call('POST', `/v1/tasks/${id}/claim`, {}, by(app.keys.ana));
    const page = await app.open(`/inbox/${id}?view=mine`, { key: app.keys.ana });
    await answer(page).getByLabel('approve').check();
    await answer(page).getByLabel('Amount').fill('9');
    await answer(page).getByRole('button', { name: 'Fail…' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('It is a duplicate.');
    await page.keyboard.press('Control+Enter');
    await page.getByText('The task has failed, with your reason.').waitFor();
    expect((await app.service.call('GET', `/v1/tasks/${id}`)).body.status).toBe('failed');
  });

  it('goes from the list to the answer and back by key, also of a task that the list does not show', async () => {
    const [shown, hidden] = [await app.submit({ order: 'Q-1' }), await app.submit({ order: 'Z-1' })];
    const page = await app.open(`/inbox/${hidden}?q=Q-1`, { key: app.keys.ana });
    await row(page, shown).waitFor();
    await answer(page).getByRole('button', { name: 'Claim', exact: true }).waitFor();
    await page.keyboard.press('c');
    await answer(page).getByRole('button', { name: 'Release' }).waitFor();
    await page.keyboard.press('j');
    await soon(() => page.url()).toContain(shown);
    await answer(page).getByLabel('approve').waitFor();
    await page.keyboard.press('a');
    await soon(() => page.evaluate(() => document.activeElement?.closest('form') !== null)).toBe(true);
    await page.keyboard.press('Escape');
    await soon(() => page.evaluate(() => document.activeElement?.closest('li')?.getAttribute('data-task'))).toBe(shown);
    expect(page.url()).toContain(shown);
  });

  it('sees a task at once on a slow line', async () => {
    const id = await app.submit({ order: 'O-1', note: 'Look at the third page.' });
    const page = await app.open('/inbox?q=O-1', { key: app.keys.ana });
    await row(page, id).waitFor();
    await page.route(/\/v1\/(tasks|task-types)\//, () => {});
    await row(page, id).getByRole('link').click();
    const task = page.getByRole('region', { name: 'Task', exact: true });
    await task.getByText('Look at the third page.').waitFor();
    await task.getByRole('heading', { name: 'Decide on a refund' }).waitFor();
    await answer(page).getByLabel('approve').waitFor();
    expect(await answer(page).getByLabel('approve').isDisabled()).toBe(false);
  });

  it('is shown each field to fill in, dates to pick, and lists that keep the focus', async () => {
    await app.service.call('POST', '/v1/task-types', LONG);
    const id = await app.submit({ parts: [1, 2, 3].map((cost) => ({ part: `part ${cost}`, cost })), text: 'long '.repeat(300) }, LONG.name);
    const page = await app.open(`/inbox/${id}`, { key: app.keys.ana });
    const task = page.getByRole('region', { name: 'Task', exact: true });
    await task.getByRole('columnheader', { name: 'part' }).waitFor();
    await task.getByRole('button', { name: 'Show all 1,500 characters' }).click();
    await answer(page).getByRole('button', { name: 'Claim and complete' }).click();
    await answer(page).getByText('Not sent: 3 entries need another look.').waitFor();
    await soon(() => answer(page).getByLabel('City').getAttribute('aria-invalid')).toBe('true');
    await answer(page).getByLabel('City').fill('Łódź 東京');
    await answer(page).getByLabel('Day').fill('2026-02-03');
    await answer(page).getByLabel('Call back at').fill('2026-02-03T04:05');
    await answer(page).getByRole('button', { name: 'Add to Damages' }).click();
    await soon(() => page.evaluate(() => document.activeElement?.id)).toBe('root_damages_1_part');
    await answer(page).getByRole('button', { name: 'Remove 2' }).click();
    await soon(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Add to Damages');
    await answer(page).getByLabel('Part').fill('door');
    await answer(page).getByRole('button', { name: 'Claim and complete' }).click();
    await page.getByText('Done. The answer').waitFor();
    const { output } = (await app.service.call('GET', `/v1/tasks/${id}`)).body;
    const callAt = await page.evaluate(() => new Date('2026-02-03T04:05').toISOString());
    expect(output).toEqual({ on: '2026-02-03', callAt, address: { city: 'Łódź 東京' }, damages: [{ part: 'door' }] });
  });

  it('hears what is wrong with an answer typed as JSON', async () => {
    await app.service.call('POST', '/v1/task-types', { name: 'free.form', version: 1, kind: 'manual', inputSchema: {}, outputSchema: {} });
    const id = await app.submit({ question: 'Why?' }, 'free.form');
    const page = await app.open(`/inbox/${id}`, { key: app.keys.ana });
    await answer(page).getByLabel('Answer as JSON').fill('{ "because": no }');
    await answer(page).getByRole('button', { name: 'Claim and complete' }).click();
    await answer(page).getByText('This is not JSON.').waitFor();
    await answer(page).getByLabel('Answer as JSON').fill('"Because."');
    await answer(page).getByRole('button', { name: 'Claim and complete' }).click();
    await page.getByText('Done. The answer').waitFor();
    expect((await app.service.call('GET', `/v1/tasks/${id}`)).body.output).toBe('Because.');
  });

  it('is shown only what the key is for, and why nothing is here', async () => {
    const { key } = (await app.service.call('POST', '/v1/keys', { name: 'nobody', scopes: ['manual:work'] })).body;
    const page = await app.open('/', { key, expected: /403/ });
    await page.getByText('This key acts as nobody.').waitFor();
    expect(await page.getByRole('navigation').getByRole('link').allTextContents()).toEqual(['Inbox', 'API documentation']);
    await page.getByRole('banner').getByText('not live').waitFor();
    await page.getByLabel('Search the inbox').fill('nothing like it');
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await soon(() => page.getByLabel('Search the inbox').inputValue()).toBe('');
  });
});
