import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeSettings, parseSettings } from './settings.ts';

const PAGE = join(import.meta.dirname, '..', '..', '..', 'docs', 'operations', 'configuration.md');

describe('the settings', () => {
  it('have defaults, so that nothing need be set', () => {
    expect(parseSettings({})).toMatchObject({ settings: { PORT: 8787, ERRAND_DATA_DIR: '.errand' } });
  });

  it('are all judged at once, each fault under its name', () => {
    const parsed = parseSettings({
      PORT: '70000',
      ERRAND_DATA_DIR: '',
      ERRAND_PUBLIC_URL: 'example',
      ERRAND_KEK: 'short',
      ERRAND_EGRESS_ALLOW: 'a:b',
    });
    const faults = 'faults' in parsed ? parsed.faults : [];
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([
      'PORT',
      'ERRAND_DATA_DIR',
      'ERRAND_EGRESS_ALLOW',
      'ERRAND_PUBLIC_URL',
      'ERRAND_KEK',
    ]);
  });

  it.each<[string, string, string]>([
    ['PORT', 'abc', 'must be a whole number from 0 to 65535'],
    ['PORT', '80.5', 'must be a whole number from 0 to 65535'],
    ['ERRAND_MAX_SUBMITS', '0', 'must be a whole number from 1 to 100000'],
    ['ERRAND_KEK', 'short', 'must have at least 32 characters'],
    ...['ftp://x', 'https://a:b@x', 'https://x/?a=1', 'https://x/#a', 'https://x?', 'x.example'].map((url): [string, string, string] => [
      'ERRAND_PUBLIC_URL',
      url,
      'must be a URL that begins with https:// or http://, without user name, query and fragment',
    ]),
  ])('say in words what is wrong with them: %s=%s', (name, value, fault) => {
    expect(parseSettings({ [name]: value })).toEqual({ faults: [`${name}: ${fault}`] });
  });

  it.each(['https://errand.example', 'https://errand.example/base/', 'http://127.0.0.1:8787'])('take %s as a public URL', (url) => {
    expect(parseSettings({ ERRAND_PUBLIC_URL: url })).toMatchObject({ settings: { ERRAND_PUBLIC_URL: url } });
  });

  it('are never echoed in a fault', () => {
    const parsed = parseSettings({
      ERRAND_EGRESS_ALLOW: 'hunter2/allow',
      PORT: 'hunter2-port',
      ERRAND_PUBLIC_URL: 'hunter2-url',
      ERRAND_KEK: 'hunter2-kek',
    });
    expect(parsed).toMatchObject({ faults: [expect.any(String), expect.any(String), expect.any(String), expect.any(String)] });
    expect(JSON.stringify(parsed)).not.toContain('hunter2');
  });

  it('are on the page on configuration, each with its default and what it is', () => {
    const rows = [...readFileSync(PAGE, 'utf8').matchAll(/^\| `(\w+)` \| (.*?) \| (.*) \|$/gm)].map(([, name, value, description]) => ({
      name,
      default: value === '–' ? undefined : value?.replaceAll('`', '').replace('(empty)', ''),
      description: description?.replaceAll('\\|', '|'),
    }));
    expect(rows).toEqual(describeSettings());
  });
});
