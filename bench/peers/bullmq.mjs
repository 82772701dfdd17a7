/** BullMQ on Redis: its own client, one worker, results kept on the jobs. */
import { Queue, QueueEvents, Worker } from 'bullmq';
import { perform, serve } from './front.mjs';

const connection = { host: '127.0.0.1', port: Number(process.env.PEER_REDIS_PORT), maxRetriesPerRequest: null };
const queue = new Queue('sums', { connection });
const events = new QueueEvents('sums', { connection });
let completed = 0;
const worker = new Worker('sums', async (job) => perform(job.data), { connection, concurrency: 100 });
worker.on('completed', () => (completed += 1));
await Promise.all([queue.waitUntilReady(), events.waitUntilReady(), worker.waitUntilReady()]);

serve({
  submit: async (input) => (await queue.add('sum', input)).id,
  submitMany: async (inputs) => (await queue.addBulk(inputs.map((data) => ({ name: 'sum', data })))).map(({ id }) => id),
  async read(id) {
    const job = await queue.getJob(id);
    return job && { status: job.finishedOn === undefined ? 'queued' : 'completed', output: job.returnvalue };
  },
  async wait(id) {
    const job = await queue.getJob(id);
    return { status: 'completed', output: await job.waitUntilFinished(events) };
  },
  completed: async () => completed,
});
