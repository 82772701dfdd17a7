/** graphile-worker on PostgreSQL. It keeps no results, so the task stores its own, as its users do. */
import { randomUUID } from 'node:crypto';
import { run, makeWorkerUtils } from 'graphile-worker';
import pg from 'pg';
import { perform, serve } from './front.mjs';

const pgPool = new pg.Pool({ connectionString: process.env.PEER_POSTGRES_URL, max: 20 });
await pgPool.query('CREATE TABLE results (id uuid PRIMARY KEY, output jsonb NOT NULL)');
const utils = await makeWorkerUtils({ pgPool });
await utils.migrate();
let completed = 0;
const runner = await run({
  pgPool,
  concurrency: 10,
  noHandleSignals: true,
  logger: undefined,
  taskList: {
    async sum({ id, input }, { query }) {
      await query('INSERT INTO results (id, output) VALUES ($1, $2) ON CONFLICT DO NOTHING', [id, perform(input)]);
      completed += 1;
    },
  },
});

serve({
  async submit(input) {
    const id = randomUUID();
    await runner.addJob('sum', { id, input });
    return id;
  },
  async submitMany(inputs) {
    const jobs = inputs.map((input) => ({ identifier: 'sum', payload: { id: randomUUID(), input } }));
    await utils.addJobs(jobs);
    return jobs.map(({ payload }) => payload.id);
  },
  async read(id) {
    const { rows } = await pgPool.query('SELECT output FROM results WHERE id = $1', [id]);
    return rows.length === 0 ? { status: 'queued' } : { status: 'completed', output: rows[0].output };
  },
  completed: async () => completed,
});
