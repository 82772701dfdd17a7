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
