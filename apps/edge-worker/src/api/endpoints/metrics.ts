import { z } from '@hono/zod-openapi';
import type { LedgerGauges } from '@errand/core/ledger-object';
import { objectsOf } from '../../address.ts';
import type { Namespace } from '../../catalog/namespaces.ts';
import { authenticate } from '../authenticate.ts';
import { defineEndpoint, type Call } from '../endpoint.ts';
import { BUCKETS_MS, type Meter } from '../meter.ts';
import { PROMETHEUS_TEXT, prometheusText, type Metric, type Sample } from '../prometheus.ts';

/** Counts and times, for Prometheus. */
export const metrics = defineEndpoint({
  method: 'get',
  path: '/metrics',
  scope: 'none',
  produces: ['text/plain'],
  docs: {
    summary: 'Metrics for Prometheus',
    description:
      'In development open on the loopback address, for all namespaces. Elsewhere a key with `tasks:read` is asked for, and shows its own namespace. ' +
      'What is counted in memory (`errand_http_requests_total`, `errand_submit_duration_seconds`) is of the process that answers.',
    tags: ['Operations'],
    responses: { 200: { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } } },
  },
  async handle(call) {
    const namespaces = await visible(call);
    const gauges = await Promise.all(namespaces.map((namespace) => gaugesOf(call, namespace)));
    const text = prometheusText([...taskMetrics(gauges.flat(), call.service.now()), ...httpMetrics(call.api.meter)]);
    return new Response(text, { headers: { 'content-type': PROMETHEUS_TEXT, 'cache-control': 'no-store' } });
  },
});

async function visible(call: Call): Promise<readonly Namespace[]> {
  const { service, request } = call;
  const isOpen = service.development !== undefined && isLoopback(new URL(request.url).hostname);
  if (isOpen && !request.headers.has('authorization')) return await service.namespaces.list();
  return [(await authenticate(service, request, 'tasks:read')).namespace];
}

/**
 * Judged by the name in the URL, so that a page of another site cannot read the metrics: its requests name its own host, even if that
 * resolves to loopback.
 */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

interface NamedGauges {
  readonly namespace: string;
  readonly gauges: LedgerGauges;
}

function gaugesOf({ service }: Call, namespace: Namespace): Promise<NamedGauges[]> {
  return Promise.all(
    objectsOf(namespace).map(async (object) => ({ namespace: namespace.name, gauges: await service.objects.get(object).gauges() })),
  );
}

function taskMetrics(all: readonly NamedGauges[], now: number): Metric[] {
  const tally = new Sum();
  const ended = new Sum();
  const waiting = new Sum();
  const rows = new Sum();
  const oldest = new Map<string, Sample>();
  for (const { namespace, gauges } of all) {
    for (const [type, kind, status, n] of gauges.tally) tally.add({ namespace, type, kind, status }, n);
    rows.add({ namespace }, gauges.rowsWritten);
    for (const [status, n] of gauges.ended) ended.add({ namespace, status }, n);
    for (const [lane, n, oldestAt] of gauges.lanes) {
      const labels = { namespace, lane };
      waiting.add(labels, n);
      const value = Math.max(0, now - oldestAt) / 1_000;
      const key = JSON.stringify(labels);
      if (value > (oldest.get(key)?.value ?? -1)) oldest.set(key, { labels, value });
    }
  }
  return [
    { name: 'errand_tasks', help: 'Tasks by type and status.', type: 'gauge', samples: tally.samples() },
    { name: 'errand_tasks_ended_total', help: 'Tasks that ended.', type: 'counter', samples: ended.samples() },
    { name: 'errand_lane_waiting', help: 'Queued tasks by lane.', type: 'gauge', samples: waiting.samples() },
    {
      name: 'errand_lane_oldest_seconds',
      help: 'How long the oldest queued task of a lane has been due.',
      type: 'gauge',
      samples: [...oldest.values()],
    },
    {
      name: 'errand_rows_written_total',
      help: 'Rows that ledgers wrote since they were opened, as their databases count.',
      type: 'counter',
      samples: rows.samples(),
    },
  ];
}

function httpMetrics(meter: Meter): Metric[] {
  const { buckets, count, sumMs } = meter.submits();
  return [
    {
      name: 'errand_http_requests_total',
      help: 'Requests answered, by endpoint and status.',
      type: 'counter',
      samples: meter.requests().map(([method, path, status, value]) => ({ labels: { method, path, status }, value })),
    },
    {
      name: 'errand_submit_duration_seconds',
      help: 'Time from a submit to its answer, waits that the caller asked for left out.',
      type: 'histogram',
      samples: [
        ...BUCKETS_MS.map((bound, i) => ({ suffix: '_bucket', labels: { le: String(bound / 1_000) }, value: buckets[i] ?? 0 })),
        { suffix: '_bucket', labels: { le: '+Inf' }, value: count },
        { suffix: '_sum', labels: {}, value: sumMs / 1_000 },
        { suffix: '_count', labels: {}, value: count },
      ],
    },
  ];
}

/** Sums of the figures that several ledgers give for the same labels. */
class Sum {
  readonly #byLabels = new Map<string, { labels: Record<string, string>; value: number }>();

  add(labels: Record<string, string>, n: number): void {
    const key = JSON.stringify(labels);
    const known = this.#byLabels.get(key);
    if (known === undefined) this.#byLabels.set(key, { labels, value: n });
    else known.value += n;
  }

  samples(): Sample[] {
    return [...this.#byLabels.values()];
  }
}
