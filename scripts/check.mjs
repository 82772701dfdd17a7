/** `npm run check`: everything that is checked without running the service. What CI runs before the tests. */
import { runChecks } from './checks.mjs';
import { install } from './install.mjs';

install();
const { passed, failed } = runChecks(process.argv.slice(2));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
