const test = '\\.(test|suite)\\.tsx?$|/testing/';

/** Who may import whom (ARCHITECTURE.md, rules 1 to 7). Type imports count. */
export default {
  forbidden: [
    { name: 'no-cycles', from: {}, to: { circular: true } },
    {
      name: '1-contract-imports-only-its-schema-library',
      from: { path: '^contract/src', pathNot: test },
      to: { pathNot: '^contract/src|node_modules/typebox' },
    },
    {
      name: '2-features-do-not-import-features',
      from: { path: '^server/src/features/([^/]+)/', pathNot: test },
      to: { path: '^server/src/features/', pathNot: '^server/src/features/$1/' },
    },
    {
      name: '2-web-features-do-not-import-features',
      from: { path: '^web/src/features/([^/]+)/', pathNot: test },
      to: { path: '^web/src/(features|app)/', pathNot: '^web/src/features/$1/' },
    },
    {
      name: '2-platform-knows-no-feature',
      from: { path: '^server/src/platform/', pathNot: test },
      to: { path: '^server/src/(features/|app|ports|main|config|seed|testing)' },
    },
    {
      name: '4-only-the-composition-imports-adapters',
      from: {
        path: '^server/src',
        pathNot: `^server/src/(app|parts|ports)\\.ts$|\\.(memory|redis|shipped)\\.ts$|${test}`,
      },
      to: { path: '\\.(memory|redis|shipped)\\.ts$|/ports/redis\\.ts$' },
    },
    {
      name: '5-a-feature-is-its-index',
      from: { path: '^server/src/(app|main)\\.ts$|^server/src/seed/' },
      to: { path: '^server/src/features/[^/]+/', pathNot: '/index\\.ts$' },
    },
    {
      name: '6-sql-in-stores-only',
      from: {
        path: '^server/src',
        pathNot: `\\.(store|retrieval)\\.ts$|^server/src/platform/(db|access|events)/|${test}`,
      },
      to: { path: 'node_modules/(drizzle-orm|pg)/|platform/db/schema\\.ts$' },
    },
    {
      name: '7-ui-knows-no-feature-and-no-network',
      from: { path: '^web/src/ui/', pathNot: test },
      to: { path: '^web/src/(app|features|platform)/|^client/' },
    },
    {
      name: '7-web-platform-knows-no-feature',
      from: { path: '^web/src/platform/', pathNot: test },
      to: { path: '^web/src/(app|features)/' },
    },
    {
      name: '8-only-the-reader-process-parses',
      from: {
        path: '^server/src',
        pathNot: `^server/src/(reader\\.worker\\.ts$|seed/|platform/text/|features/summaries/(summarise|key-units)\\.ts$)|${test}`,
      },
      to: {
        path: '/mdast-util-|/micromark|platform/text/(cuts|passages|sentences|boundaries|markdown-blocks|plain)\\.ts$|platform/reader/serve\\.ts$|summaries/(summarise|units)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'client-imports-only-contract',
      from: { path: '^client/src', pathNot: test },
      to: { path: '^(server|web)/' },
    },
    {
      name: 'product-does-not-import-tests',
      from: { path: '^(server|web|client)/src', pathNot: test },
      to: { path: '/testing/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(contract|client|server|web)/dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types'] },
  },
};
