/** The tests: those beside the sources once, those of the running service once on every runtime. */
import { defineConfig } from 'vitest/config';

const SERVICE = 'tests/service/**/*.test.ts';
const RUNTIMES = ['workerd', 'node', 'bun', 'deno'];

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['**/*.test.ts'], exclude: ['**/node_modules/**', SERVICE] } },
      ...RUNTIMES.map((runtime) => ({ test: { name: runtime, include: [SERVICE], env: { ERRAND_TEST_RUNTIME: runtime } } })),
    ],
  },
});
