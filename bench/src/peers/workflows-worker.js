/** The front and the workflow, as a worker: the input is judged by hand, for workerd allows no generated code. */
import { WorkflowEntrypoint } from 'cloudflare:workers';

let completed = 0;

export class Sum extends WorkflowEntrypoint {
  async run({ payload }, step) {
    const output = await step.do('sum', async () => ({ sum: payload.a + payload.b }));
    completed += 1;
    return output;
  }
}

export default {
  async fetch(request, env) {
    const { pathname, search } = new URL(request.url);
    if (pathname === '/completed') return Response.json({ completed });
    if (request.method === 'GET') return Response.json(await statusOf(env, pathname.slice('/tasks/'.length)));
    const input = await request.json();
    if (typeof input.a !== 'number' || typeof input.b !== 'number') return new Response(null, { status: 422 });
    const { id } = await env.SUMS.create({ params: input });
    if (search !== '?wait') return Response.json({ id }, { status: 201 });
    for (;;) {
      const status = await statusOf(env, id);
      if (status.status === 'complete') return Response.json({ id, ...status }, { status: 201 });
      await new Promise((done) => setTimeout(done, 5));
    }
  },
};

async function statusOf(env, id) {
  const { status, output } = await (await env.SUMS.get(id)).status();
  return { status, output };
}
