import { describe, expect, it } from 'vitest';
import { readStartOptions } from '../scripts/start-options.mjs';

describe('the options of npm start', () => {
  it('tells the story in workerd unless asked otherwise', () => {
    expect(readStartOptions([])).toEqual({ story: true, runtime: 'workerd' });
    expect(readStartOptions(['--no-story', '--runtime=workerd'])).toEqual({ story: false, runtime: 'workerd' });
  });

  it.each([
    [['--runtime=perl'], 'There is no runtime "perl". Choose one of: workerd'],
    [['--runtime'], "Option '--runtime <value>' argument missing"],
    [['--nostory'], "Unknown option '--nostory'"],
    [['story'], "Unexpected argument 'story'"],
  ])('refuses %j and says what may be said', (args, fault) => {
    expect(readStartOptions(args)).toEqual({ fault: expect.stringContaining(fault) });
    expect(readStartOptions(args)).toEqual({ fault: expect.stringContaining('Usage: npm start -- ') });
  });
});
