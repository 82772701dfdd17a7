/** Texts that mean harm: to patterns, to limits of length, and to formats. */
import { documentCase, type HostileCase, list } from './hostile-case.ts';

const COSTS = /too much work/;
const MIB = 1024 * 1024;

const TEXTS: readonly HostileCase[] = [
  ...[
    '^(a+)+$',
    '^(a|a)*$',
    '^(a|aa)+$',
    '^([a-z]+)*$',
    '(.*a){20}b',
    '^(a?){50}a{50}$',
    '(x+x+)+y',
    '^(\\w+\\s?)*$',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
  ].map((pattern) =>
    documentCase(
      `the pattern ${pattern} on 100,000 letters`,
      () => ({ pattern }),
      () => `${'a'.repeat(100_000)}!`,
      /must match|too much work/,
    ),
  ),
  documentCase(
    'a pattern on 1 MiB',
    () => ({ pattern: '[0-9]x$' }),
    () => 'a'.repeat(MIB - 10),
    /must match|too much work/,
  ),
  documentCase(
    'a pattern on 30,000 strings',
    () => ({ items: { pattern: '^[A-Z]{2}-\\d+$' } }),
    () => list(30_000, (index) => `AB-${index}`),
  ),
  documentCase(
    'a limit of length on 500 KiB of surrogate pairs',
    () => ({ allOf: list(1_000, () => ({ minLength: 200_000, maxLength: 400_000 })) }),
    () => '😀'.repeat(250_000),
    COSTS,
  ),
  ...[
    'email',
    'idn-email',
    'hostname',
    'idn-hostname',
    'uri',
    'uri-reference',
    'iri',
    'iri-reference',
    'uri-template',
    'json-pointer',
    'relative-json-pointer',
    'regex',
    'date-time',
    'date',
    'time',
    'duration',
    'ipv4',
    'ipv6',
    'uuid',
  ].flatMap((format) => ['a', '.', 'a.', '1', 'a@', '%41', '[a', ':', '/', '{a', '(', 'é', '-'].map((unit) => formatCase(format, unit))),
];

/** Too long for any format. */
const LONG: readonly HostileCase[] = ['uri', 'uri-template', 'email', 'regex', 'json-pointer'].map((format) =>
  documentCase(
    `${format} of 1 MiB`,
    () => ({ format }),
    () => 'a'.repeat(MIB - 10),
    /must be a valid/,
  ),
);

function formatCase(format: string, unit: string): HostileCase {
  return {
    name: `${format} of 20 long runs of "${unit}"`,
    schema: () => ({ items: { format } }),
    text: () => JSON.stringify(list(20, () => `P${unit.repeat(Math.floor(8_000 / unit.length))}\u0000`)),
    expected: 'any answer',
  };
}

export const HOSTILE_TEXTS: readonly HostileCase[] = [...TEXTS, ...LONG];
