import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createThrottle, type Throttle, type ThrottleOptions } from '../../src/limits/throttle.js';
import { connectRedis } from '../../src/redis.js';
import { type Proxy, startProxy } from '../kit/proxy.js';
import { needsRedis, startRedis, type TestRedis, withoutRedis } from '../kit/redis.js';
import { until } from '../kit/until.js';
import { ALICE, BOB, TIERS } from './tiers.js';

const SECRET = 'a secret of the tests, long enough to be one';
const SILENT = { warn: () => undefined, info: () => undefined };

/** Nothing comes back while a test runs. */
const SLOW: ThrottleOptions['tiers'] = { ...TIERS, READER: { maximum: 1_000, restoreRate: 1 } };

/** A throttle as an instance has it. */
interface Instance {
  readonly throttle: Throttle;
  readonly reported: readonly unknown[];
  stop(): Promise<void>;
}

async function startThrottle(url: string, tiers = SLOW, now?: () => number): Promise<Instance> {
  const redis = await connectRedis(url, SILENT);
  const reported: unknown[] = [];
  const throttle = createThrottle({
    redis,
    secret: SECRET,
    tiers,
    report: (error) => reported.push(error),
    ...(now && { now }),
  });
  return {
    throttle,
    reported,
    async stop() {
      await throttle.close();
      redis.disconnect();
    },
  };
}

/** How many points are there, as far as Redis knows. */
const availableOf = async ({ throttle }: Instance): Promise<number> =>
  (await throttle.take(ALICE, 0)).bucket.available;

/** Takes ten points after the other; how many that makes. */
async function drain({ throttle }: Instance): Promise<number> {
  let points = 0;
  while ((await throttle.take(ALICE, 10)).isGranted) points += 10;
  return points;
}

/** Where so many ask for ten points at the same moment, half of them here and half there. */
const takeTens = (times: number, instances: readonly [Instance, Instance]) =>
  Promise.all(
    Array.from({ length: times }, async (_, turn) =>
      instances[turn % 2 === 0 ? 0 : 1].throttle.take(ALICE, 10),
    ),
  );

describe.skipIf(withoutRedis)(`a bucket of two instances${needsRedis}`, () => {
  let redis: TestRedis;
  let proxy: Proxy;
  /** Reaches Redis through the proxy. */
  let first: Instance;
  let second: Instance;

  beforeEach(async () => {
    redis = await startRedis();
    proxy = await startProxy({ host: '127.0.0.1', port: Number(new URL(redis.url).port) });
    first = await startThrottle(proxy.through(redis.url));
    second = await startThrottle(redis.url);
  });

  afterEach(async () => {
    await first.stop();
    await second.stop();
    await proxy.close();
    await redis.stop();
  });

  it('is one: what one takes is gone for the other', async () => {
    expect(await first.throttle.take(ALICE, 700)).toMatchObject({
      isGranted: true,
      bucket: { available: 300 },
    });
    expect(await second.throttle.take(ALICE, 400)).toMatchObject({
      isGranted: false,
      bucket: { maximum: 1_000, available: 300, restoreRate: 1 },
    });
    expect(second.throttle.waitFor(ALICE, 400)).toBeGreaterThan(95_000);
    expect(await second.throttle.take(ALICE, 300)).toMatchObject({ isGranted: true });
    expect(await first.throttle.take(ALICE, 10)).toMatchObject({ isGranted: false });
    expect(await second.throttle.take(BOB, 1_000)).toMatchObject({ isGranted: true });
  });

  it('gives each point once, however many ask at the same moment', async () => {
    const answers = await takeTens(300, [first, second]);
    expect(answers.filter(({ isGranted }) => isGranted)).toHaveLength(100);
  });

  it('lends a twentieth without asking, as long as more than the half is there', async () => {
    // Its clock stands: what Redis said stays new, however long this takes.
    const lender = await startThrottle(proxy.through(redis.url), SLOW, () => 0);
    try {
      await lender.throttle.take(ALICE, 100);
      proxy.blackHole(true);
      expect(await lender.throttle.take(ALICE, 25)).toMatchObject({ isGranted: true });
      expect(await lender.throttle.take(ALICE, 25)).toMatchObject({
        isGranted: true,
        bucket: { available: 850 },
      });
      // Who had asked would have waited until it was reported.
      expect(lender.reported).toEqual([]);
      proxy.blackHole(false);
      await until('the other knows', async () => (await availableOf(second)) < 890);
      await lender.throttle.take(ALICE, 500);
      const most = await takeTens(100, [lender, second]);
      expect(
        most.filter(({ isGranted }) => isGranted).length,
        'from the half on it is exact',
      ).toBeLessThanOrEqual(36);
    } finally {
      await lender.stop();
    }
  });

  it('fills with time', async () => {
    const quick = await startThrottle(redis.url, {
      ...TIERS,
      READER: { maximum: 1_000, restoreRate: 2_000 },
    });
    try {
      await quick.throttle.take(ALICE, 1_000);
      expect(await quick.throttle.take(ALICE, 1_000)).toMatchObject({ isGranted: false });
      await until('it is full', async () => (await quick.throttle.take(ALICE, 1_000)).isGranted);
    } finally {
      await quick.stop();
    }
  });

  it('gets back for both what one did not use', async () => {
    const { bucket } = await first.throttle.take(ALICE, 1_000);
    expect(first.throttle.giveBack(ALICE, 900, bucket)).toMatchObject({ available: 900 });
    await until('the other knows', async () => (await availableOf(second)) >= 900);
  });

  it('knows of what was given back at once where it was given back', async () => {
    const { bucket } = await first.throttle.take(ALICE, 1_000);
    first.throttle.giveBack(ALICE, 5, bucket);
    expect(await first.throttle.take(ALICE, 5)).toMatchObject({ isGranted: true });
  });

  it('hears of what is delivered, much at once and little within a second', async () => {
    expect(first.throttle.spend(ALICE, 400)).toBe(true);
    await until('much is heard of', async () => (await availableOf(second)) === 600, 900);
    expect(first.throttle.spend(ALICE, 9)).toBe(true);
    await until('little is heard of', async () => (await availableOf(second)) < 595, 3_000);
  });

  it('is empty for deliveries too when the other instance took all of it', async () => {
    expect(first.throttle.spend(ALICE, 1)).toBe(true);
    await second.throttle.take(ALICE, 900);
    expect(first.throttle.spend(ALICE, 99)).toBe(true);
    await until('the first knows', () => first.throttle.waitFor(ALICE, 50) > 0);
    expect(first.throttle.spend(ALICE, 50)).toBe(false);
  });

  it('shows a stream that waits what another instance gave back', async () => {
    const { bucket } = await second.throttle.take(ALICE, 1_000);
    expect(await availableOf(first)).toBe(0);
    second.throttle.giveBack(ALICE, 600, bucket);
    await until('there is enough again', () => first.throttle.spend(ALICE, 500));
    expect(await availableOf(first)).toBeLessThan(110);
  });

  it('owes what instances delivered without knowing of each other, and delivers nothing more until it is paid', async () => {
    expect([first.throttle.spend(ALICE, 600), second.throttle.spend(ALICE, 600)]).toEqual([true, true]);
    const debt = async ({ throttle }: Instance): Promise<number> => {
      await throttle.take(ALICE, 1);
      return throttle.waitFor(ALICE, 1) / 1_000;
    };
    await until('both are told of', async () => (await debt(first)) > 190);
    expect(await first.throttle.take(ALICE, 1)).toMatchObject({
      isGranted: false,
      bucket: { available: 0 },
    });
    expect(await debt(second)).toBeGreaterThan(190);
    expect([first, second].map(({ throttle }) => throttle.spend(ALICE, 1))).toEqual([false, false]);
  });

  it('is overspent by no more than what is delivered before the other instance hears of it', async () => {
    const sizes = { ...TIERS, READER: { maximum: 1_000, restoreRate: 1_000 } };
    const both = await Promise.all([startThrottle(redis.url, sizes), startThrottle(redis.url, sizes)]);
    const begin = performance.now();
    const passed = (): number => performance.now() - begin;
    let spent = 0;
    let overspent = 0;
    /** What the two would have spent without hearing of each other is 3,000 and more. */
    let mostAtOnce = 0;
    let last = 0;
    try {
      // Four times of what comes back, as two busy streams would ask for it.
      while (passed() < 2_000) {
        const time = passed();
        const points = (time - last) * 2;
        mostAtOnce = Math.max(mostAtOnce, points);
        last = time;
        for (const { throttle } of both) if (throttle.spend(ALICE, points)) spent += points;
        overspent = Math.max(overspent, spent - 1_000 - time);
        await pause(5);
      }
    } finally {
      await Promise.all(both.map((one) => one.stop()));
    }
    // Two points a millisecond, for 100 ms and the way to Redis, and what a step of the loop may add.
    expect(overspent).toBeLessThan(2 * 150 + 2 * mostAtOnce);
    expect(spent).toBeGreaterThan(2_000);
  });

  it('is told of the last deliveries by an instance that ends', async () => {
    const ending = await startThrottle(redis.url);
    ending.throttle.spend(ALICE, 3);
    await ending.stop();
    expect(await availableOf(second)).toBe(997);
  });

  it('is in Redis until it is full, under a name that tells nobody who was here', async () => {
    const visitor = { key: 'address:192.0.2.1', tier: 'ANONYMOUS' } as const;
    await second.throttle.take(visitor, 500);
    const client = new Redis(redis.url);
    try {
      const [key = ''] = await client.keys('*');
      expect(key).toMatch(/^tidings:throttle:[\w-]{22}$/);
      // 100 points a second.
      expect(await client.pttl(key)).toBeLessThanOrEqual(5_000);
      expect(await client.pttl(key)).toBeGreaterThan(0);
      second.throttle.giveBack(visitor, 500, { maximum: 1_000, available: 500, restoreRate: 100 });
      await until('a full bucket is forgotten', async () => (await client.dbsize()) === 0);
    } finally {
      client.disconnect();
    }
  });

  it('survives that Redis forgets its scripts', async () => {
    await first.throttle.take(ALICE, 100);
    const client = new Redis(redis.url);
    await client.script('FLUSH');
    client.disconnect();
    expect(await first.throttle.take(ALICE, 100)).toMatchObject({ bucket: { available: 800 } });
    expect(first.reported).toEqual([]);
  });

  describe('while Redis does not answer', () => {
    it('limits each instance for itself, going on from what was known', async () => {
      await first.throttle.take(ALICE, 600);
      await redis.kill();
      expect(await drain(first)).toBe(400);
      expect(first.throttle.spend(ALICE, 10)).toBe(false);
      expect(await drain(second)).toBe(1_000);
    });

    it('keeps nobody waiting but those who asked first', async () => {
      await first.throttle.take(ALICE, 100);
      proxy.blackHole(true);
      const begin = performance.now();
      expect(await first.throttle.take(ALICE, 100)).toMatchObject({ isGranted: true });
      expect(performance.now() - begin).toBeLessThan(1_000);
      const slow: number[] = [];
      const end = performance.now() + 2_500;
      while (performance.now() < end) {
        const asked = performance.now();
        await first.throttle.take(BOB, 0);
        if (performance.now() - asked > 200) slow.push(performance.now() - asked);
        await pause(10);
      }
      expect(slow).toEqual([]);
      expect(await drain(first)).toBe(800);
      expect(first.reported).toHaveLength(1);
    });

    it('is told afterwards what was taken meanwhile', async () => {
      await first.throttle.take(ALICE, 100);
      proxy.blackHole(true);
      expect(first.throttle.spend(ALICE, 100)).toBe(true);
      await until('it is noticed', () => first.reported.length === 1);
      expect(await first.throttle.take(ALICE, 300)).toMatchObject({ isGranted: true });
      expect(await availableOf(second)).toBe(900);
      proxy.blackHole(false);
      // What was under way when Redis stopped answering is counted once or twice.
      await until('the other knows', async () => (await availableOf(second)) <= 500);
      expect(await availableOf(second)).toBeGreaterThanOrEqual(400);
      expect(first.reported).toHaveLength(1);
    });

    it('is reported once for each outage', async () => {
      for (const outage of [1, 2]) {
        proxy.blackHole(true);
        await first.throttle.take(ALICE, 60);
        await first.throttle.take(ALICE, 60);
        expect(first.reported).toHaveLength(outage);
        proxy.blackHole(false);
        await second.throttle.take(ALICE, 50);
        await until(
          'it is heard again',
          async () => (await availableOf(first)) === (await availableOf(second)),
        );
      }
    });
  });
});
