/** A service of Restate, which its server calls over HTTP/2. Clients talk to the server's own ingress. */
import * as restate from '@restatedev/restate-sdk';
import { isInput, perform } from './front.mjs';

const sums = restate.service({
  name: 'sums',
  handlers: {
    async sum(context, input) {
      if (!isInput(input)) throw new restate.TerminalError('input', { errorCode: 422 });
      return await context.run('sum', () => perform(input));
    },
  },
});
const port = await restate.serve({ services: [sums], port: 0 });
console.log(`ready http://127.0.0.1:${port}`);
process.stdin.on('end', () => process.exit(0)).resume();
process.on('SIGTERM', () => process.exit(0));
