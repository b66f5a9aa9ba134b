import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needsRedis, withoutRedis } from '../kit/redis.js';
import { crashPostgres } from './breaking.js';
import { startPostgres, type TestPostgres } from './postgres.js';
import { openStage, type Stage } from './stage.js';
import { FLAWLESS, watchDuring } from './watching.js';

describe.skipIf(withoutRedis)(`while PostgreSQL dies and comes back${needsRedis}`, () => {
  let postgres: TestPostgres;
  let stage: Stage;
  beforeAll(async () => {
    postgres = await startPostgres();
    stage = await openStage({ databaseUrl: postgres.url, instances: 2, postgres });
  });
  afterAll(async () => {
    await stage?.close();
    await postgres?.stop();
  });

  it('streams stay open, miss nothing, and get nothing twice', { timeout: 120_000 }, async () => {
    const findings = await watchDuring(stage, (postId) => crashPostgres(stage, 1, postId));
    expect(findings).toMatchObject({ ...FLAWLESS, closings: {} });
  });
});
