import { defineConfig } from 'vitest/config';

const nothing = ['**/node_modules/**', '**/dist/**'];
/** Tests that need a service are part of a run only where the service is named. */
const hasRedis = Boolean(process.env['TEST_REDIS_URL']);
const redis = hasRedis ? [] : ['**/*.redis.test.ts'];
/** Several instances of one installation: on PostgreSQL with Redis. */
const instances = '**/*.instances.test.ts';

/** Tests without a database: once is enough. */
const withoutDatabase = [
  'server/src/config.test.ts',
  'server/src/features/ask/{answer,context,question-type,sentence-cues,shown-text}.test.ts',
  'server/src/features/{search/misspelling,summaries/summarise}.test.ts',
  'server/src/platform/{core,grounded,outbound,ports,reader,text,wire}/**/*.test.ts',
  'server/src/platform/http/{address,proxies}.test.ts',
  'server/src/platform/realtime/outlet.test.ts',
  'server/src/seed/{indexing,patience}.test.ts',
  'server/src/seed/{markdown,slack,source}/**/*.test.ts',
];
/**
 * Where all tests run on PostgreSQL, these run on the embedded database too: those about it and its
 * files, the laws over all endpoints, and one or two of each feature. `CI_FULL=1` runs all on both.
 */
const onBoth = [
  'server/**/*.redis.test.ts',
  'server/src/{cli,platform/db,platform/events}/**/*.test.ts',
  'server/src/features/*/{ask,auth,catch-up,chat,knowledge,sample,search,spaces,summaries}.test.ts',
  'server/src/features/chat/chat.{groups,paging}.test.ts',
  'server/src/features/search/search.{index,ranking}.test.ts',
  'server/src/platform/realtime/realtime.{delivery,rights}.test.ts',
  'server/src/seed/{later,seed}.test.ts',
  'server/test/{canaries,contract,names,permissions,reading,security-changes}.test.ts',
  'server/test/process/{backup-crash,backup.files,crash,embedded-cli,full-disk,limits,refused-starts,stop}.test.ts',
];
const isFull = Boolean(process.env['CI_FULL']) || !process.env['TEST_DATABASE_URL'];

/** How long `expect.poll` asks, where it says nothing: a busy machine is slow, not wrong. */
const patient = { poll: { timeout: 10_000 } };

const server = {
  expect: patient,
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
      '**/{data-folder-lock,embedded,crash,stop,redaction.migration}*.test.ts',
      ...withoutDatabase,
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
          expect: patient,
          include: ['{contract,client,bench}/**/*.test.ts', 'web/**/*.test.{ts,tsx}'],
          exclude: nothing,
        },
      },
      {
        test: {
          ...server,
          name: 'server',
          include: isFull ? ['server/**/*.test.ts'] : [...withoutDatabase, ...onBoth],
          exclude: [...nothing, ...redis, '**/*.postgres.test.ts', instances],
        },
      },
      ...(process.env['TEST_DATABASE_URL'] ? [onServer] : []),
    ],
    pool: 'forks',
    maxWorkers: 2,
  },
});
