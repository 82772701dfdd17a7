import { join } from 'node:path';
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

const IGNORED = ['**/node_modules/**', '**/dist/**', '**/.errand/**'];
/** Tests that start a service, a browser or another process of weight. */
const SERVICES = [
  'tests/service/**/*.test.ts',
  'tests/browser/**/*.test.ts',
  'tests/docs/**/*.test.ts',
  'tests/validator/runtimes.test.ts',
  'examples/src/third-party.test.ts',
];

/** Tests that run inside workerd: what belongs to it, and the ledger's, which stand on a Durable Object there. */
const IN_WORKERD = ['tests/workerd/**/*.test.ts', 'packages/core/src/ledger/{ledger,faults,meeting}.test.ts'];

/** The API is held to its contract on these too. */
const LOCAL_RUNTIMES = ['node', 'bun', 'deno'];

/** Groups, one after the other: services are heavy, and their deadlines are real, so they do not share the machine with the rest. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts', '**/*.test.tsx'],
          exclude: [...IGNORED, ...SERVICES, 'tests/workerd/**'],
          maxWorkers: 2,
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: 'tests/workerd/wrangler.jsonc' } })],
        resolve: {
          alias: [{ find: /^.*\/sqlite\.ground\.ts$/, replacement: join(import.meta.dirname, 'tests/workerd/sqlite.ground.ts') }],
        },
        test: { name: 'workerd', include: IN_WORKERD, exclude: IGNORED, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
      {
        test: {
          name: 'service',
          include: SERVICES,
          exclude: IGNORED,
          maxWorkers: 2,
          testTimeout: 20_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
      ...LOCAL_RUNTIMES.map((runtime) => ({
        test: {
          name: runtime,
          include: ['tests/service/**/*.test.ts'],
          exclude: IGNORED,
          env: { ERRAND_TEST_RUNTIME: runtime },
          maxWorkers: 2,
          testTimeout: 20_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 3 },
        },
      })),
    ],
  },
});
