/** What is there to be attacked: types of each kind, a third party, a hook, and secrets that may never be seen again. */
import type { Loopback } from '../loopback.ts';
import type { RunningService } from '../running-service.ts';

export const CONNECTION = 'fuzz';
/** Types that tasks are made of; the first three are the service's own. */
export const TYPES = ['example.sum', 'example.echo', 'example.flaky', 'fuzz.worker', 'fuzz.manual', 'fuzz.call', 'fuzz.wait'] as const;

export interface Prey {
  readonly hookId: string;
  /** Texts that went in and may come out nowhere: not in an answer, a log or a file. */
  readonly canaries: readonly string[];
  readonly thirdParty: Loopback;
}

/** Publishes the types, over a third party that sends everything back that it is told, its caller's credential too. */
export async function layOut(service: RunningService, thirdParty: Loopback): Promise<Prey> {
  const token = 'canary-7f3c0a-of-a-connection';
  const secret = `whsec_${Buffer.from('canary-51d2e9-of-a-hook!').toString('base64')}`;
  thirdParty.reply = ({ url, headers, body }) => ({ status: url.endsWith('/wait') ? 202 : 200, body: { id: 'x', headers, body } });
  const made = async (path: string, body: object): Promise<{ id: string }> => {
    const answer = await service.call('POST', path, body);
    if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  await made('/v1/connections', { name: CONNECTION, baseUrl: thirdParty.url, auth: { type: 'bearer', token } });
  const request = { connection: CONNECTION, path: '/call', body: { input: '${input}' } };
  const retry = { maxAttempts: 2, initialInterval: 'PT0.05S' };
  await made('/v1/task-types', { name: 'fuzz.worker', version: 1, kind: 'automated', retry });
  await made('/v1/task-types', { name: 'fuzz.manual', version: 1, kind: 'manual', outputSchema: { type: ['object', 'number'] } });
  await made('/v1/task-types', { name: 'fuzz.call', version: 1, kind: 'integration', retry, request });
  await made('/v1/task-types', {
    name: 'fuzz.wait',
    version: 1,
    kind: 'integration',
    retry,
    request: { ...request, path: '/wait', waitFor: 'callback' },
  });
  const on = [{ when: "${event.type == 'x'}", submit: { type: 'example.echo', input: { value: '${event}' } } }];
  const hook = await made('/v1/hooks', { name: 'fuzz', preset: 'standard-webhooks', secrets: [secret], on });
  return { hookId: hook.id, thirdParty, canaries: [token, secret, secret.slice('whsec_'.length), service.apiKey, service.signingSecret] };
}
