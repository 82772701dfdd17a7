/** pg-boss on PostgreSQL, as fast as it goes: woken by notices, in batches without a pause while there is more, results on the jobs. */
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { perform, serve } from './front.mjs';

const OPTIONS = {
  batchSize: 50,
  localConcurrency: 2,
  burstWhenBatchFull: true,
  pollingIntervalSeconds: 0.5,
  notifyPollingIntervalSeconds: 0.5,
  perJobResults: true,
};

const boss = new PgBoss({ connectionString: process.env.PEER_POSTGRES_URL, useListenNotify: true });
boss.on('error', (fault) => console.error(fault));
await boss.start();
await boss.createQueue('sums', { notify: true });
const pool = new pg.Pool({ connectionString: process.env.PEER_POSTGRES_URL, max: 1 });
await boss.work('sums', OPTIONS, async (jobs) => jobs.map(({ id, data }) => ({ id, status: 'completed', output: perform(data) })));

async function read(id) {
  const job = await boss.getJobById('sums', id);
  return job && { status: job.state, output: job.output };
}

serve({
  submit: (input) => boss.send('sums', input),
  submitMany: async (inputs) =>
    await boss.insert(
      'sums',
      inputs.map((data) => ({ data })),
      { returnId: true },
    ),
  read,
  async completed() {
    const { rows } = await pool.query(`SELECT count(*) AS n FROM pgboss.job WHERE name = 'sums' AND state = 'completed'`);
    return Number(rows[0].n);
  },
});
