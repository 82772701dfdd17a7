import { z } from '@hono/zod-openapi';
import { countAcross } from '../across.ts';
import { objectsOf } from '../../address.ts';
import { defineEndpoint, type KeyedCall } from '../endpoint.ts';
import { answers } from '../schemas.ts';

const MINUTE_MS = 60_000;
const MINUTES = 60;
const StatsSchema = z.object({
  byStatus: z.record(z.string(), z.int()),
  throughput: z.array(z.object({ minute: z.iso.datetime(), completed: z.int(), failed: z.int() })),
});

/** Figures of the namespace for the admin app's overview. */
export const stats = defineEndpoint({
  method: 'get',
  path: '/v1/stats',
  scope: 'tasks:read',
  docs: {
    summary: 'Counts and throughput',
    description: 'Tasks by status, and those that ended in each minute of the last hour; `failed` counts timeouts too.',
    tags: ['Operations'],
    responses: answers(200, 'The namespace at a glance', StatsSchema),
  },
  async handle(call) {
    const [byStatus, throughput] = await Promise.all([countAcross(call.service, call.namespace, {}), lastHour(call)]);
    return Response.json({ byStatus, throughput });
  },
});

/** Tasks that ended in each minute of the last hour, the current minute last. */
async function lastHour({ service, namespace }: KeyedCall): Promise<{ minute: string; completed: number; failed: number }[]> {
  const first = Math.floor(service.now() / MINUTE_MS) * MINUTE_MS - (MINUTES - 1) * MINUTE_MS;
  const rows = (await Promise.all(objectsOf(namespace).map((object) => service.objects.get(object).throughput(first)))).flat();
  const minutes = Array.from({ length: MINUTES }, () => ({ completed: 0, failed: 0 }));
  for (const [minute, status, n] of rows) {
    const counts = minutes[(minute - first) / MINUTE_MS];
    if (counts === undefined) continue;
    if (status === 'completed') counts.completed += n;
    if (status === 'failed' || status === 'timed_out') counts.failed += n;
  }
  return minutes.map((counts, i) => ({ minute: new Date(first + i * MINUTE_MS).toISOString(), ...counts }));
}
