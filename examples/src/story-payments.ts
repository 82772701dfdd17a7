/** Prepares the payment stage of the order story: connection, hook, and the provider told where its webhooks go. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@errand/client/client';
import { ProblemError } from '@errand/client/problem-error';
import { chargeHook } from './story-types.ts';
import type { ThirdParty } from './third-party-process.ts';

interface StoryState {
  /** A hook's id by the URL of the service that has it. */
  readonly hooks: Readonly<Record<string, string>>;
}

/** Creates what is missing, and tells both sides where the other is now: ports may have changed since a former run. */
export async function preparePayments(client: Client, url: string, dataDir: string, psp: ThirdParty): Promise<void> {
  await client.putConnection('psp', { baseUrl: psp.url, auth: { type: 'bearer', token: psp.token } });
  const hookId = await hookOf(client, url, dataDir, psp.webhookSecret);
  await tellProvider(psp, `${url}/v1/hooks/${hookId}`);
}

async function hookOf(client: Client, url: string, dataDir: string, webhookSecret: string): Promise<string> {
  const file = join(dataDir, 'story.json');
  const state: StoryState = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as StoryState) : { hooks: {} };
  // The port may have changed since, so any remembered hook that this service knows will do.
  for (const id of new Set(Object.values(state.hooks))) if (await exists(client, id)) return id;
  const { id } = await client.createHook(chargeHook(webhookSecret));
  writeFileSync(`${file}.new`, JSON.stringify({ hooks: { ...state.hooks, [url]: id } } satisfies StoryState));
  renameSync(`${file}.new`, file);
  return id;
}

async function exists(client: Client, hookId: string): Promise<boolean> {
  try {
    await client.hookDeliveries(hookId);
    return true;
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return false;
    throw error;
  }
}

async function tellProvider(psp: ThirdParty, hookUrl: string): Promise<void> {
  const answer = await fetch(`${psp.url}/webhook`, {
    method: 'POST',
    headers: { authorization: `Bearer ${psp.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url: hookUrl, secret: psp.webhookSecret }),
  });
  if (!answer.ok) throw new Error(`the payment provider refused its webhook's address: ${answer.status} ${await answer.text()}`);
}
