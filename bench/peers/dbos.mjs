/** DBOS on PostgreSQL: a workflow a task, started by the front. */
import { randomUUID } from 'node:crypto';
import { DBOS } from '@dbos-inc/dbos-sdk';
import pg from 'pg';
import { perform, serve } from './front.mjs';

const pool = new pg.Pool({ connectionString: process.env.PEER_POSTGRES_URL, max: 1 });
const sum = DBOS.registerWorkflow((input) => DBOS.runStep(async () => perform(input), { name: 'sum' }), { name: 'sum' });
DBOS.setConfig({ name: 'bench', systemDatabaseUrl: process.env.PEER_POSTGRES_URL, systemDatabasePoolSize: 20, logLevel: 'error' });
await DBOS.launch();

async function submit(input) {
  const id = randomUUID();
  await DBOS.startWorkflow(sum, { workflowID: id })(input);
  return id;
}

serve({
  submit,
  submitMany: (inputs) => Promise.all(inputs.map(submit)),
  async read(id) {
    const status = await DBOS.retrieveWorkflow(id).getStatus();
    return status && { status: status.status === 'SUCCESS' ? 'completed' : 'queued', output: status.output };
  },
  async completed() {
    const { rows } = await pool.query(`SELECT count(*) AS n FROM dbos.workflow_status WHERE status = 'SUCCESS'`);
    return Number(rows[0].n);
  },
});
