/** `npm run suite:validator`: runs the official suite and writes its table into the page about the validator. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runSuite } from './run-suite.ts';
import { DRAFTS, readSuite } from './suite-data.ts';
import { TABLE_HEAD, tableLines } from './suite-table.ts';

const PAGE = join(import.meta.dirname, '..', '..', '..', 'docs', 'implementation', 'task_validator.md');

const suite = readSuite();
if (suite === null) {
  console.error('The JSON-Schema-Test-Suite is not here: set JSON_SCHEMA_TEST_SUITE to its folder.');
  process.exit(1);
}
const rows = runSuite(suite);
for (const { draft, part, failures } of rows) for (const failure of failures) console.log(`draft ${draft}, ${part}: ${failure}`);
const lines = tableLines(rows);
console.log([...TABLE_HEAD, ...lines].join('\n'));
if (lines.length < DRAFTS.length) {
  console.error('Some drafts are not in this copy of the suite: the page stays as it is.');
  process.exit(1);
}
const page = readFileSync(PAGE, 'utf8');
writeFileSync(
  PAGE,
  page.replace(/<!-- suite -->[^]*<!-- \/suite -->/, `<!-- suite -->\n${[...TABLE_HEAD, ...lines].join('\n')}\n<!-- /suite -->`),
);
