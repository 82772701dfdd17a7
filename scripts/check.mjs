/** `npm run check`: types, lint, format and unused code, each a task of turbo. What CI runs before the tests. */
import { install } from './install.mjs';
import { runChecks } from './run-checks.mjs';

install();
const { passed, failed } = runChecks(process.argv.slice(2));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
