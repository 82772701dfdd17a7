import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runSuite } from './suite/run-suite.ts';
import { DRAFTS, readSuite } from './suite/suite-data.ts';
import { tableLines } from './suite/suite-table.ts';

const suite = readSuite();
if (suite === null) console.warn('The JSON-Schema-Test-Suite is not here: set JSON_SCHEMA_TEST_SUITE to its folder.');

/** Cases known to differ, and why; any other one must pass. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'an IPvFuture host with an uppercase version letter is valid': 'the format library takes `[v1.…]` and not `[V1.…]`',
  'an invalid JSON document': '`contentMediaType` is a remark, as later drafts have it',
  'an invalid base64 string (% is not a valid character)': '`contentEncoding` is a remark, as later drafts have it',
  'a validly-encoded invalid JSON document': '`contentMediaType` is a remark, as later drafts have it',
  'an invalid base64 string that is valid JSON': '`contentEncoding` is a remark, as later drafts have it',
  'hostname with consecutive hyphens (RFC1123)': 'hostnames are those of IDNA 2008, which reserves `--` in the third place',
  'a float is not an integer even without fractional part': '`1.0` and `1` are one number once JSON is parsed',
};

describe.runIf(suite !== null)('the official suite', () => {
  const rows = runSuite(suite ?? { files: [], remotes: [] });

  for (const { draft, name } of DRAFTS) {
    const required = rows.find((row) => row.draft === draft && row.part === 'required');
    it.runIf(required !== undefined)(`passes every required case of draft ${name} (${required?.total ?? 0})`, () => {
      expect(required?.failures).toEqual([]);
      expect(required?.passed).toBeGreaterThan(500);
    });
  }

  it('passes at least 155 optional and 750 format cases of draft 2020-12', () => {
    const passed = (part: string) => rows.find((row) => row.draft === 2020 && row.part === part)?.passed;
    expect(passed('optional')).toBeGreaterThanOrEqual(155);
    expect(passed('format')).toBeGreaterThanOrEqual(750);
  });

  it('stands in the page about the validator as it is', () => {
    const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'implementation', 'task_validator.md'), 'utf8');
    for (const line of tableLines(rows)) expect(page).toContain(line);
  });

  it('differs only where a difference is known', () => {
    const unknown = rows
      .flatMap(({ failures }) => failures)
      .filter((failure) => !Object.keys(DIFFERENCES).some((known) => failure.includes(known)));
    expect(unknown).toEqual([]);
  });
});
