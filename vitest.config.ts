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
    sequence: { shuffle: { files: false, tests: true } },
  },
});
