import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Attempts, createAttempts, type Tried } from '../../src/auth/attempts.js';
import { connectRedis } from '../../src/redis.js';
import { needsRedis, startRedis, type TestRedis, withoutRedis } from '../kit/redis.js';

const SECRET = 'a secret of the tests, long enough to be one';
const ALICE = 'alice@example.org';

const wrong = async (): Promise<boolean> => false;
const right = async (): Promise<boolean> => true;

/** How many of so many wrong tries, one after the other, are made. */
async function triesMade(attempts: Attempts, tried: Tried, times: number): Promise<number> {
  let made = 0;
  for (let time = 0; time < times; time += 1) {
    const count = async (): Promise<boolean> => {
      made += 1;
      return false;
    };
    await attempts.check(tried, count).catch(() => undefined);
  }
  return made;
}

describe('wrong tries', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are answered ten times for an account, wherever they come from', async () => {
    const attempts = createAttempts(SECRET, undefined);
    for (let host = 1; host <= 10; host += 1) {
      expect(await attempts.check({ account: ALICE, address: `192.0.2.${host}` }, wrong)).toBe(false);
    }
    await expect(attempts.check({ account: ALICE, address: '192.0.2.11' }, right)).rejects.toMatchObject({
      code: 'THROTTLED',
      message: 'Too many wrong ones. Try again in 900 seconds.',
      retryAfter: 900,
    });
    expect(await attempts.check({ account: 'bob@example.org', address: '192.0.2.11' }, right)).toBe(true);
  });

  it('are answered ten times from an address, whatever account they name', async () => {
    const attempts = createAttempts(SECRET, undefined);
    for (let user = 1; user <= 10; user += 1) {
      await attempts.check({ account: `user${user}@example.org`, address: '192.0.2.1' }, wrong);
    }
    await expect(attempts.check({ account: ALICE, address: '192.0.2.1' }, right)).rejects.toMatchObject({
      code: 'THROTTLED',
    });
    expect(await attempts.check({ account: ALICE, address: '192.0.2.2' }, right)).toBe(true);
  });

  it('are made ten times at most, however many come at the same moment', async () => {
    const attempts = createAttempts(SECRET, undefined);
    let made = 0;
    const slow = async (): Promise<boolean> => {
      made += 1;
      await new Promise(setImmediate);
      return false;
    };
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, () => attempts.check({ account: ALICE, address: '192.0.2.1' }, slow)),
    );
    expect(made).toBe(10);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(40);
  });

  it('of an account are forgotten with a right one; those of its address are not', async () => {
    const attempts = createAttempts(SECRET, undefined);
    const tried = { account: ALICE, address: '192.0.2.1' };
    expect(await triesMade(attempts, tried, 9)).toBe(9);
    expect(await attempts.check(tried, right)).toBe(true);
    expect(await triesMade(attempts, tried, 5)).toBe(1);
    expect(await triesMade(attempts, { ...tried, address: '192.0.2.2' }, 15)).toBe(9);
  });

  it('are not counted when something else went wrong', async () => {
    const attempts = createAttempts(SECRET, undefined);
    const tried = { account: ALICE, address: '192.0.2.1' };
    for (let time = 0; time < 20; time += 1) {
      await expect(attempts.check(tried, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    }
    expect(await attempts.check(tried, right)).toBe(true);
  });

  it('that were not made do not count against the address', async () => {
    const attempts = createAttempts(SECRET, undefined);
    expect(await triesMade(attempts, { account: ALICE, address: '192.0.2.1' }, 10)).toBe(10);
    expect(await triesMade(attempts, { account: ALICE, address: '192.0.2.2' }, 20)).toBe(0);
    expect(await attempts.check({ account: 'bob@example.org', address: '192.0.2.2' }, right)).toBe(true);
  });

  it('are answered again after 15 minutes', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const attempts = createAttempts(SECRET, undefined);
    const tried = { account: ALICE, address: '192.0.2.1' };
    expect(await triesMade(attempts, tried, 11)).toBe(10);
    vi.advanceTimersByTime(14 * 60_000);
    await expect(attempts.check(tried, right)).rejects.toMatchObject({ retryAfter: 60 });
    vi.advanceTimersByTime(60_000);
    expect(await attempts.check(tried, right)).toBe(true);
  });

  it.each([
    ['of one IPv6 network of 64 bits', '2001:db8:1:2::1', '2001:db8:1:2:ffff::2'],
    ['of one IPv4 address, written as IPv6 as well', '192.0.2.1', '::ffff:192.0.2.1'],
  ])('%s count together', async (_, one, other) => {
    const attempts = createAttempts(SECRET, undefined);
    expect(await triesMade(attempts, { address: one }, 10)).toBe(10);
    expect(await triesMade(attempts, { address: other }, 1)).toBe(0);
  });

  it('of two IPv6 networks do not count together', async () => {
    const attempts = createAttempts(SECRET, undefined);
    expect(await triesMade(attempts, { address: '2001:db8:1:2::1' }, 10)).toBe(10);
    expect(await triesMade(attempts, { address: '2001:db8:1:3::1' }, 1)).toBe(1);
  });

  it('count for what a proxy calls an address, even when it is none', async () => {
    const attempts = createAttempts(SECRET, undefined);
    expect(await triesMade(attempts, { address: 'unknown' }, 11)).toBe(10);
  });
});

describe.skipIf(withoutRedis)(`wrong tries with a Redis${needsRedis}`, () => {
  let server: TestRedis;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  const told: string[] = [];
  const log = { warn: (_: object, line: string) => told.push(line), info: (line: string) => told.push(line) };

  it('count for all instances together, and tell nobody who tried', async () => {
    const [one, other] = await Promise.all([connectRedis(server.url, log), connectRedis(server.url, log)]);
    try {
      const tried = { account: ALICE, address: '192.0.2.1' };
      expect(await triesMade(createAttempts(SECRET, one), tried, 6)).toBe(6);
      expect(await triesMade(createAttempts(SECRET, other), tried, 6)).toBe(4);
      const keys = await one.keys('*');
      expect(keys).toHaveLength(2);
      expect(keys.join()).not.toMatch(/alice|192/);
      expect(await one.ttl(keys[0] ?? '')).toBeGreaterThan(890);
      expect(await createAttempts(SECRET, other).check({ account: 'b', address: '192.0.2.3' }, right)).toBe(
        true,
      );
    } finally {
      one.disconnect();
      other.disconnect();
    }
  });

  it('go on to be counted in memory when it dies, and together again when it is back', async () => {
    const mortal = await startRedis();
    const redis = await connectRedis(mortal.url, log);
    let reborn: TestRedis | undefined;
    try {
      const attempts = createAttempts(SECRET, redis);
      const tried = { account: ALICE, address: '192.0.2.9' };
      expect(await triesMade(attempts, tried, 1)).toBe(1);
      await mortal.kill();
      expect(await triesMade(attempts, tried, 12)).toBe(10);
      reborn = await startRedis(Number(new URL(mortal.url).port));
      await vi.waitFor(() => expect(redis.status).toBe('ready'), { timeout: 10_000 });
      expect(await triesMade(attempts, tried, 12)).toBe(10);
      expect(told).toEqual(['Redis is away; going on without it', 'Redis is back']);
    } finally {
      redis.disconnect();
      await reborn?.stop();
    }
  });

  it('do without it when it is not there', async () => {
    const redis = await connectRedis('redis://127.0.0.1:1', { warn: () => undefined, info: () => undefined });
    try {
      expect(await triesMade(createAttempts(SECRET, redis), { address: '192.0.2.1' }, 12)).toBe(10);
    } finally {
      redis.disconnect();
    }
  });
});
