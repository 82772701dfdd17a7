/** Run by workerd: answers a suite with what this runtime says of it and of the hostile cases. */
import { judgeRuntime } from './judge-runtime.ts';
import type { Suite } from './suite-data.ts';

/** Time is not measured here: the clock of a worker stands still while code runs. */
export default {
  async fetch(request: { json(): Promise<unknown> }): Promise<Response> {
    return Response.json(judgeRuntime((await request.json()) as Suite, () => 0));
  },
};
