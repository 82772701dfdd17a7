/** `npm run docs:reliability`: writes what was kept of explorations, kills, planted bugs and starts into their page. */
import { readFileSync, writeFileSync } from 'node:fs';
import { RELIABILITY_PAGE, withTables } from './reliability-tables.ts';

writeFileSync(RELIABILITY_PAGE, withTables(readFileSync(RELIABILITY_PAGE, 'utf8')));
