import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { needsRedis, withoutRedis } from '../kit/redis.js';
import {
  blackHoleRedis,
  disturbRedis,
  type Fault,
  flushRedis,
  killSubscribers,
  restartRedis,
} from './breaking.js';
import { openStage, type Stage } from './stage.js';
import { FLAWLESS, watchDuring } from './watching.js';

describe.skipIf(withoutRedis)(
  `readers of two instances miss nothing, and get nothing twice${needsRedis}`,
  () => {
    let database: TestDatabase;
    let stage: Stage;
    beforeAll(async () => {
      database = await createTestDatabase();
      stage = await openStage({ databaseUrl: database.url, instances: 2 });
    });
    afterAll(async () => {
      await stage?.close();
      await database?.drop();
    });

    it.for<[string, Fault, number]>([
      ['Redis dies and comes back empty', restartRedis, 1.5],
      ['Redis forgets everything', flushRedis, 1],
      ['Redis hangs up on all who listen, again and again', killSubscribers, 3],
      ['nothing gets through to Redis for a while', blackHoleRedis, 3],
      ['the way to Redis is slow and breaks', disturbRedis, 3],
    ])('while %s', { timeout: 120_000 }, async ([, fault, seconds]) => {
      const findings = await watchDuring(stage, (postId) => fault(stage, seconds, postId));
      expect(findings).toMatchObject({ ...FLAWLESS, closings: {} });
    });

    it('an instance stops in time while nothing gets through to Redis', { timeout: 120_000 }, async () => {
      const instance = await stage.start();
      stage.retire(instance);
      instance.wire.blackHole(true);
      const { code, milliseconds } = await instance.stop();
      expect(code).toBe(0);
      expect(milliseconds).toBeLessThan(10_000);
    });
  },
);
