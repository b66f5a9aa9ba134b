import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { encodeId } from '../../src/graphql/globalIds.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { needsRedis, withoutRedis } from '../kit/redis.js';
import { connect } from '../kit/sockets.js';
import { until } from '../kit/until.js';
import {
  type Farewell,
  type Fault,
  freezeInstance,
  killBeforePublishing,
  killInstance,
  replaceAll,
} from './breaking.js';
import { openStage, type Stage } from './stage.js';
import { addPost, FLAWLESS, watchDuring } from './watching.js';

describe.skipIf(withoutRedis)(`of three instances${needsRedis}`, () => {
  let database: TestDatabase;
  let stage: Stage;
  beforeAll(async () => {
    database = await createTestDatabase();
    stage = await openStage({ databaseUrl: database.url, instances: 3 });
  });
  afterAll(async () => {
    await stage?.close();
    await database?.drop();
  });

  it.for<[string, Fault, number, readonly string[]]>([
    ['is killed in the middle of its work', killInstance, 1, ['1006']],
    ['is killed between commit and publish', killBeforePublishing, 2, ['1006']],
    ['sleeps for a while', freezeInstance, 3, []],
  ])(
    'one %s: readers miss nothing, and get nothing twice',
    { timeout: 120_000 },
    async ([, fault, seconds, closings]) => {
      const findings = await watchDuring(stage, (postId) => fault(stage, seconds, postId));
      expect(findings).toMatchObject(FLAWLESS);
      // Nobody may have been with the one that was killed.
      expect(closings).toEqual(expect.arrayContaining(Object.keys(findings.closings)));
    },
  );

  it(
    'all are replaced, one after the other: readers miss nothing, and every instance takes its leave',
    { timeout: 180_000 },
    async () => {
      let farewells: readonly Farewell[] = [];
      const work = async (): Promise<void> => {
        farewells = await replaceAll(stage);
      };
      const findings = await watchDuring(stage, work, { readers: 60 });
      expect(findings).toMatchObject(FLAWLESS);
      expect(Object.keys(findings.closings)).toEqual(['1012']);
      for (const { code, milliseconds, readiness } of farewells) {
        expect(code).toBe(0);
        expect(readiness.at(-1)).toBe(503);
        expect(milliseconds).toBeLessThan(10_000);
      }
    },
  );

  it(
    'one is killed: its readers are not counted any more within 15 seconds',
    { timeout: 60_000 },
    async () => {
      const postId = encodeId('Post', await addPost(stage));
      const [killed, left] = stage.instances;
      if (killed === undefined || left === undefined) throw new Error('There are no two instances.');
      const query = 'subscription ($postId: ID!) { readersChanged(postId: $postId) { count } }';
      const [there, here] = await Promise.all([connect(killed), connect(left)]);
      there.start(query, { postId });
      const counts = here.start<{ count: number }>(query, { postId }).events;
      await until('both are counted', () => counts.at(-1)?.count === 2);
      stage.retire(killed);
      await killed.kill();
      await vi.waitFor(() => expect(counts.at(-1)?.count).toBe(1), { timeout: 15_000 });
      await here.close();
      await stage.start();
    },
  );
});
