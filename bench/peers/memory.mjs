/** A floor: the front over a map. Nothing is durable. */
import { randomUUID } from 'node:crypto';
import { perform, serve } from './front.mjs';

const tasks = new Map();
let completed = 0;

async function submit(input) {
  const id = randomUUID();
  tasks.set(id, { input, status: 'queued' });
  setImmediate(() => {
    tasks.set(id, { input, status: 'completed', output: perform(input) });
    completed += 1;
  });
  return id;
}

serve({
  submit,
  submitMany: (inputs) => Promise.all(inputs.map(submit)),
  read: async (id) => tasks.get(id),
  completed: async () => completed,
});
