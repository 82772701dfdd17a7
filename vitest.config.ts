import { defineConfig } from 'vitest/config';

const IGNORED = ['**/node_modules/**', '**/dist/**', '**/.errand/**'];
/** Tests that start a service, a browser or another process of weight. */
const SERVICES = ['tests/service/**/*.test.ts', 'tests/browser/**/*.test.ts', 'examples/src/third-party.test.ts'];

/** Two groups, one after the other: services are heavy, and their deadlines are real, so they do not share the machine with the rest. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts', '**/*.test.tsx'],
          exclude: [...IGNORED, ...SERVICES],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'service',
          include: SERVICES,
          exclude: IGNORED,
          maxWorkers: 2,
          testTimeout: 20_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
