/** What may follow `npm start --`. Read before anything is installed, so that a typing error costs no minute. */
import { parseArgs } from 'node:util';

const RUNTIMES = ['workerd', 'node', 'bun', 'deno'];
const USAGE = `npm start -- [--no-story] [--runtime=${RUNTIMES.join('|')}]`;

/**
 * The options, or what is wrong with them.
 * @param {string[]} args
 * @returns {{ story: boolean, runtime: string } | { fault: string }}
 */
export function readStartOptions(args) {
  /** @type {{ story?: boolean, 'no-story'?: boolean, runtime?: string }} */
  let values;
  try {
    const options = /** @type {const} */ ({ story: { type: 'boolean' }, 'no-story': { type: 'boolean' }, runtime: { type: 'string' } });
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    return { fault: `${String(error instanceof Error ? error.message : error).split('. ')[0]}.\nUsage: ${USAGE}` };
  }
  const { runtime = 'workerd' } = values;
  if (!RUNTIMES.includes(runtime)) {
    return { fault: `There is no runtime "${runtime}". Choose one of: ${RUNTIMES.join(', ')}.\nUsage: ${USAGE}` };
  }
  return { story: values['no-story'] !== true, runtime };
}
