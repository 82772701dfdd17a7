/** All settings of the service, in one schema. Every fault is reported at once, by name; values are never echoed. */
import { parseAllowedHosts } from '@errand/executors/integration/egress';
import { z } from 'zod';

/** Some 15 ms of one machine's work: a client with as many connections is never refused, and a longer line would only make all wait. */
const DEFAULT_MAX_SUBMITS = 128;

const MIN_KEK_LENGTH = 32;

const SETTINGS = z.object({
  PORT: wholeNumber(0, 65_535).default(8787).describe('Port to listen on; 0 picks a free one.'),
  ERRAND_DATA_DIR: z.string().min(1, 'must not be empty').default('.errand').describe('Where all state is kept.'),
  ERRAND_EGRESS_ALLOW: z
    .string()
    .default('')
    .superRefine((text, context) => {
      const parsed = parseAllowedHosts(text);
      if ('fault' in parsed) context.addIssue(parsed.fault);
    })
    .describe('Hosts that outbound calls may reach although private, also over http: `host[:port|:*]`, comma-separated.'),
  ERRAND_PUBLIC_URL: z
    .string()
    .refine(isBaseUrl, 'must be a URL that begins with https:// or http://, without user name, query and fragment')
    .optional()
    .describe('Base of the URLs handed to third parties; the service’s own address by default.'),
  ERRAND_HANDLERS: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A module of your own whose export HANDLERS is performed beside the handlers that are there. Local runtimes and development.',
    ),
  ERRAND_MAX_SUBMITS: wholeNumber(1, 100_000)
    .default(DEFAULT_MAX_SUBMITS)
    .describe('Submits of one namespace that may be under way; more are refused with 429 before they are read.'),
  ERRAND_KEK: z
    .string()
    .min(MIN_KEK_LENGTH, `must have at least ${MIN_KEK_LENGTH} characters`)
    .optional()
    .describe('Key-encryption key. In development it is made and kept in the data directory.'),
});

export type Settings = z.infer<typeof SETTINGS>;

/** Reads settings from an environment, or says everything that is wrong with it. */
export function parseSettings(env: Readonly<Record<string, string | undefined>>): { settings: Settings } | { faults: readonly string[] } {
  const result = SETTINGS.safeParse(env);
  if (result.success) return { settings: result.data };
  return { faults: result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
}

/** What an operator may set, in the order of the schema. `docs/operations/configuration.md` says the same; a test compares them. */
export function describeSettings(): { readonly name: string; readonly default: string | undefined; readonly description: string }[] {
  return Object.entries(SETTINGS.shape).map(([name, schema]) => {
    const fallback = schema.safeParse(undefined).data;
    return { name, default: fallback === undefined ? undefined : String(fallback), description: schema.description ?? '' };
  });
}

function wholeNumber(least: number, most: number): z.ZodType<number, unknown> {
  const rule = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number(rule).int(rule).min(least, rule).max(most, rule);
}

/** Paths are appended to it as text. */
function isBaseUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return false;
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '' && !/[?#]$/.test(text);
}
