/** Handlers that do what no handler should, for the contract of those that perform them. */

/** Takes anything, as a Standard Schema. */
const anything = { '~standard': { version: 1, vendor: 'errand-tests', validate: (value: unknown) => ({ value }) } };

const define = (name: string, run: (context: { readonly signal: AbortSignal }, input: any) => unknown) => ({
  name: `misbehaving.${name}`,
  version: 1,
  input: anything,
  output: anything,
  timeouts: { startToCloseMs: 1_000 },
  retry: { maxAttempts: 1 },
  run,
});

export const HANDLERS = [
  define('throws', () => {
    throw new TypeError('no such thing');
  }),
  define('throws-text', () => {
    throw 'only a text';
  }),
  define('rejects-later', () => new Promise((_, reject) => setTimeout(() => reject(new Error('later')), 20))),
  define('hangs', () => new Promise(() => {})),
  define('burns', (_context, { ms }) => {
    for (const until = Date.now() + ms; Date.now() < until;) Math.sqrt(until);
    return 'burnt';
  }),
  define('nothing', () => undefined),
  define('function', () => () => 1),
  define('cycle', () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    return cycle;
  }),
  define('bigint', () => 1n),
  define('huge', () => 'x'.repeat(10_000_000)),
  define('chatty', (context: any) => {
    for (let i = 0; i < 1_000; i++) context.log.info(`${i} ${'x'.repeat(10_000)}`);
    return 'done';
  }),
];
