/** Limits made so small that a few tasks reach them: what happens at a border is seldom seen at a border of a thousand. */
import type { Edit } from './source-variant.ts';

const LEDGER = 'packages/core/src/ledger';

export const SMALL_LIMITS: readonly Edit[] = [
  { file: `${LEDGER}/pending-commands.ts`, find: 'const MAX_GROUP = 256;', replace: 'const MAX_GROUP = 3;' },
  { file: `${LEDGER}/pending-commands.ts`, find: 'const MAX_PART = 32;', replace: 'const MAX_PART = 2;' },
  { file: `${LEDGER}/due.ts`, find: 'const MAX_DUE = 500;', replace: 'const MAX_DUE = 2;' },
  { file: `${LEDGER}/dispatch.ts`, find: 'export const WINDOW = 1_000;', replace: 'export const WINDOW = 2;' },
  { file: `${LEDGER}/recent-tasks.ts`, find: 'const MAP_SIZE = 1_000;', replace: 'const MAP_SIZE = 2;' },
  { file: `${LEDGER}/retention.ts`, find: 'const MAX_SEEN = 5_000;', replace: 'const MAX_SEEN = 3;' },
  { file: `${LEDGER}/sweeps.ts`, find: 'const IDLE_DELETED = 500;', replace: 'const IDLE_DELETED = 2;' },
  { file: `${LEDGER}/sweeps.ts`, find: 'const MOST_DELETED = 2_000;', replace: 'const MOST_DELETED = 2;' },
  {
    file: `${LEDGER}/rows.ts`,
    find: 'export const INLINE_PAYLOAD_CHARACTERS = 4_096;',
    replace: 'export const INLINE_PAYLOAD_CHARACTERS = 24;',
  },
];
