/** The table of the official suite as the page about the validator shows it. */
import type { SuiteRow } from './run-suite.ts';
import { DRAFTS, type Part } from './suite-data.ts';

export const TABLE_HEAD = ['| draft | required | optional | formats |', '|---|---:|---:|---:|'] as const;

/** One line a draft; a draft that the suite here does not have is left out. */
export function tableLines(rows: readonly SuiteRow[]): string[] {
  return DRAFTS.flatMap(({ draft, name }) => {
    const cell = (part: Part): string => {
      const row = rows.find((each) => each.draft === draft && each.part === part);
      return row === undefined ? '–' : `${row.passed.toLocaleString('en')} of ${row.total.toLocaleString('en')}`;
    };
    return rows.some((row) => row.draft === draft) ? [`| ${name} | ${cell('required')} | ${cell('optional')} | ${cell('format')} |`] : [];
  });
}
