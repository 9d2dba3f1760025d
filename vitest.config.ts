import { defineConfig } from 'vitest/config';

const nothing = ['**/node_modules/**', '**/dist/**'];
/** Tests that need a service are part of a run only where the service is named. */
const hasRedis = Boolean(process.env['TEST_REDIS_URL']);
const redis = hasRedis ? [] : ['**/*.redis.test.ts'];
/** Several instances of one installation: on PostgreSQL with Redis. */
const instances = '**/*.instances.test.ts';

const server = {
  globalSetup: ['server/src/testing/template.ts'],
  testTimeout: 30_000,
  hookTimeout: 60_000,
};

/** The same tests on PostgreSQL, without those about the embedded database or about none. */
const onServer = {
  test: {
    ...server,
    name: 'server-postgres',
    include: ['server/**/*.test.ts'],
    exclude: [
      ...nothing,
      '**/*.redis.test.ts',
      ...(hasRedis ? [] : [instances]),
      '**/{data-folder-lock,embedded,crash,stop}*.test.ts',
      'server/src/platform/{ports,text}/**',
    ],
    env: { TEST_DATABASE: 'server' },
  },
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{contract,client,bench}/**/*.test.ts', 'web/**/*.test.{ts,tsx}'],
          exclude: nothing,
        },
      },
      {
        test: {
          ...server,
          name: 'server',
          include: ['server/**/*.test.ts'],
          exclude: [...nothing, ...redis, '**/*.postgres.test.ts', instances],
        },
      },
      ...(process.env['TEST_DATABASE_URL'] ? [onServer] : []),
    ],
    pool: 'forks',
    maxWorkers: 2,
  },
});
