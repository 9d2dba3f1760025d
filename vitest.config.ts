import { defineConfig } from 'vitest/config';

const nothing = ['**/node_modules/**', '**/dist/**'];
/** Tests that need a service are part of a run only where the service is named. */
const redis = process.env['TEST_REDIS_URL'] ? [] : ['**/*.redis.test.ts'];

const server = {
  globalSetup: ['server/src/testing/template.ts'],
  testTimeout: 30_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['contract/**/*.test.ts', 'client/**/*.test.ts', 'web/**/*.test.{ts,tsx}'],
          exclude: nothing,
        },
      },
      {
        test: {
          ...server,
          name: 'server',
          include: ['server/**/*.test.ts'],
          exclude: [...nothing, ...redis],
        },
      },
    ],
    pool: 'forks',
    maxWorkers: 2,
  },
});
