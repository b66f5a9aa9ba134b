import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCosts } from '../../src/limits/cost.js';
import { createSchema } from '../../src/schema.js';
import { type Client, startTestApp, type TestApp } from '../kit/app.js';
import { hasSharedData, needsSharedData, realDatabaseUrl } from '../kit/database.js';
import { operations, signedInOperations } from '../kit/operations.js';
import { administratorOf } from '../kit/people.js';
import { counted } from './counted.js';

const schema = createSchema();
const costs = createCosts(schema);

describe.runIf(hasSharedData)(`what the real publication answers${needsSharedData}`, () => {
  let app: TestApp;
  let administrator: Client;
  beforeAll(async () => {
    app = await startTestApp({ DATABASE_URL: await realDatabaseUrl() });
    administrator = await administratorOf(app);
  });
  afterAll(() => app.stop());

  it.each([...operations, ...signedInOperations])(
    'to %s takes no more than was estimated',
    async (_, query) => {
      const data = await administrator.query(query);
      const points = counted(schema, { query, variables: {} }, data);
      expect(points).toBeGreaterThanOrEqual(1);
      expect(points).toBeLessThanOrEqual(
        costs.of({ document: parse(query), operationName: undefined, variables: {} }).estimate(),
      );
    },
  );
});
