/** The page on reliability says what was found: its tables are those of what is kept and of the sources. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RUNTIMES } from '../../apps/edge-worker/src/runtimes/runtime-command.ts';
import { readCycles } from '../chaos/kept-cycles.ts';
import { readExplored } from '../simulator/explored.ts';
import { linesAt, RELIABILITY_PAGE, reliabilityTables } from './reliability-tables.ts';

const page = readFileSync(RELIABILITY_PAGE, 'utf8');
/** The longer count adds to what is kept while it runs, and writes the page at its end. */
const GROWING = process.env['ERRAND_TEST_FULL'] === '1' ? ['simulator', 'chaos'] : [];
const TABLES = [...reliabilityTables()].filter(([name]) => !GROWING.includes(name));

describe('the page on reliability', () => {
  it.each(TABLES)('says of the %s what there is (npm run docs:reliability writes it)', (name, lines) => {
    expect(linesAt(page, name)).toEqual(lines);
  });

  it('stands on explorations and kills that broke nothing', () => {
    expect(readExplored().schedules).toBeGreaterThanOrEqual(20_000);
    expect(readExplored().broken).toEqual([]);
    for (const runtime of RUNTIMES) {
      const { cycles, lost, doubled, wrong, surprises } = readCycles(runtime);
      expect({ runtime, lost, doubled, wrong, surprises }).toEqual({ runtime, lost: [], doubled: [], wrong: [], surprises: [] });
      expect(cycles).toBeGreaterThanOrEqual(100);
    }
  });
});
