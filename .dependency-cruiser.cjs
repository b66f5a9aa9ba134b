/**
 * Who may import whom. Each rule is a sentence of docs/ARCHITECTURE.md; `npm run check:rules` runs them.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A file must not reach itself, type imports included.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'lib-is-a-leaf',
      comment: 'src/lib knows nothing of ours.',
      severity: 'error',
      from: { path: '^src/lib/' },
      to: { path: '^src/', pathNot: '^src/lib/' },
    },
    {
      name: 'core-never-sees-features',
      comment: 'The core is handed what it needs by app.ts.',
      severity: 'error',
      from: {
        path: '^src/((auth|changes|db|events|graphql|limits|live|render|server|sight)/|redis\\.ts$)',
      },
      to: { path: '^src/((modules|cli|jobs)/|(app|context|schema|services)\\.ts$)' },
    },
    {
      name: 'features-meet-at-the-door',
      comment: "A module sees another module's public.ts only.",
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/' },
      to: { path: '^src/modules/', pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/public\\.ts$'] },
    },
    {
      name: 'resolvers-have-no-sql',
      comment: 'A resolver reads through loaders and writes through a service.',
      severity: 'error',
      from: { path: '/resolvers\\.ts$' },
      to: {
        path: '^(src/(db|events)/|node_modules/(drizzle-orm|postgres|ioredis)/)',
        // Names and types only.
        pathNot: '^src/events/(topics|pages)\\.ts$',
      },
    },
    {
      name: 'tables-only-for-repos',
      comment: 'Rows are read and written in repo.ts and loaders.ts.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          '^src/db/',
          '^src/events/log\\.ts$',
          '^src/changes/(change|idempotency)\\.ts$',
          '^src/modules/[^/]+/(repo|loaders)(\\.ts$|/)',
        ],
      },
      to: { path: '^src/db/tables/' },
    },
    {
      name: 'services-know-no-transport',
      comment: 'Rules and statements work the same from HTTP, a socket or the command line.',
      severity: 'error',
      from: { path: '/(service|repo|policy)(\\.ts$|/)' },
      to: {
        path: '^(src/(server/|graphql/|context\\.ts)|node_modules/(graphql|@apollo/server|graphql-ws)/)',
      },
    },
    {
      name: 'sight-only-watches',
      comment:
        'The house says what happens (src/lib/signals.ts) and knows nobody who listens; app.ts opens sight.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(sight/|(app|main)\\.ts$)' },
      to: { path: '^src/sight/' },
    },
    {
      name: 'metrics-and-traces-are-sights',
      comment: 'prom-client and OpenTelemetry are loaded only when they are wanted.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/sight/(metrics|tracing)/' },
      to: { path: '^node_modules/(prom-client|@opentelemetry)/' },
    },
    {
      name: 'product-never-sees-tests',
      comment: 'Nothing in src imports a test, a bench or a tool.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|tools)/' },
    },
    {
      name: 'no-dev-dependencies-in-src',
      comment: 'What src imports is a dependency, so that `npm ci --omit=dev` runs.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'resolvable',
      comment: 'Every import exists.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
