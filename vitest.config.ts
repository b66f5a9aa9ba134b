import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Without it, two builds of graphql-js meet: "Cannot use GraphQLSchema from another module or realm".
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/kit/globalSetup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 240_000,
    // postgres.js asks every new connection for its types, and nobody hears when a test cuts that connection (src/main.ts).
    onUnhandledError: (error) =>
      !('query' in error && String(error['query']).includes('pg_catalog.pg_type') && 'code' in error),
    sequence: { shuffle: { files: false, tests: true } },
  },
});
