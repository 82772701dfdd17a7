import { expect, it } from 'vitest';
import { Meter } from './meter.ts';
import { prometheusText } from './prometheus.ts';

it('writes metrics in the text format, labels escaped', () => {
  const text = prometheusText([
    { name: 'a_total', help: 'A.', type: 'counter', samples: [{ labels: { type: 'quo"te\\ and\nline' }, value: 2 }] },
    { name: 'b', help: 'B.', type: 'gauge', samples: [{ labels: {}, value: 0.5 }] },
  ]);
  expect(text).toBe(
    '# HELP a_total A.\n# TYPE a_total counter\na_total{type="quo\\"te\\\\ and\\nline"} 2\n# HELP b B.\n# TYPE b gauge\nb 0.5\n',
  );
});

it('counts a submit in every bucket that it is within', () => {
  const meter = new Meter();
  meter.submitted(3);
  meter.submitted(20_000);
  const { buckets, count, sumMs } = meter.submits();
  expect([buckets.slice(0, 3), buckets.at(-1), count, sumMs]).toEqual([[0, 0, 1], 1, 2, 20_003]);
});

it('counts requests by endpoint and status', () => {
  const meter = new Meter();
  meter.answered('GET', '/v1/tasks/{id}', 200);
  meter.answered('GET', '/v1/tasks/{id}', 200);
  meter.answered('GET', '/v1/tasks/{id}', 404);
  expect(meter.requests()).toEqual([
    ['GET', '/v1/tasks/{id}', '200', 2],
    ['GET', '/v1/tasks/{id}', '404', 1],
  ]);
});
