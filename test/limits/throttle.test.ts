import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANONYMOUS, type Viewer } from '../../src/auth/viewer.js';
import { signals } from '../../src/lib/signals.js';
import { createThrottle, type Payer, payerOf, type Throttle } from '../../src/limits/throttle.js';
import { ALICE, BOB, TIERS } from './tiers.js';

/** A throttle without Redis, at a time that the test says. */
function createLocal(): { readonly throttle: Throttle; pass(milliseconds: number): void } {
  let time = 0;
  return {
    throttle: createThrottle({
      redis: undefined,
      secret: 'unused without Redis',
      tiers: TIERS,
      report: (error) => {
        throw error;
      },
      now: () => time,
    }),
    pass(milliseconds) {
      time += milliseconds;
    },
  };
}

describe('a payer', () => {
  const userId = '0193e0a0-0000-7000-8000-000000000001';
  const reader: Viewer = { userId, role: 'READER', sessionId: 'a session', scopes: 'ALL' };

  it.for<[string, Parameters<typeof payerOf>[0], Payer]>([
    [
      'the user, whatever the session and the address',
      { viewer: reader, apiTokenId: null, address: '192.0.2.1' },
      { key: `user:${userId}`, tier: 'READER' },
    ],
    [
      'an API token for itself',
      { viewer: { ...reader, scopes: [] }, apiTokenId: 'a token', address: '192.0.2.1' },
      { key: 'token:a token', tier: 'API_TOKEN' },
    ],
    [
      'the address of who is not signed in',
      { viewer: ANONYMOUS, apiTokenId: null, address: '192.0.2.1' },
      { key: 'address:192.0.2.1', tier: 'ANONYMOUS' },
    ],
    [
      'the same address written as IPv6',
      { viewer: ANONYMOUS, apiTokenId: null, address: '::ffff:192.0.2.1' },
      { key: 'address:192.0.2.1', tier: 'ANONYMOUS' },
    ],
    [
      'the 64 bits of an IPv6 address that its owner cannot change',
      { viewer: ANONYMOUS, apiTokenId: null, address: '2001:db8::1:2:3:4' },
      { key: 'address:2001:db8:0:0', tier: 'ANONYMOUS' },
    ],
  ])('is %s', ([, who, payer]) => {
    expect(payerOf(who)).toEqual(payer);
  });
});

describe('a bucket', () => {
  it('is full for who was never here', async () => {
    const { throttle } = createLocal();
    expect(await throttle.take(ALICE, 0)).toEqual({
      isGranted: true,
      bucket: { maximum: 1_000, available: 1_000, restoreRate: 100 },
    });
    expect(throttle.waitFor(ALICE, 1_000)).toBe(0);
  });

  it('gives what is there, and nothing of what is not', async () => {
    const { throttle } = createLocal();
    expect(await throttle.take(ALICE, 700)).toMatchObject({ isGranted: true, bucket: { available: 300 } });
    expect(await throttle.take(ALICE, 301)).toMatchObject({ isGranted: false, bucket: { available: 300 } });
    expect(await throttle.take(ALICE, 300)).toMatchObject({ isGranted: true, bucket: { available: 0 } });
  });

  it('is of nobody else', async () => {
    const { throttle } = createLocal();
    await throttle.take(ALICE, 1_000);
    expect(await throttle.take(BOB, 1_000)).toMatchObject({ isGranted: true });
  });

  it('is the same for operations and for what is delivered', async () => {
    const { throttle } = createLocal();
    await throttle.take(ALICE, 999);
    expect([throttle.spend(ALICE, 1), throttle.spend(ALICE, 1)]).toEqual([true, false]);
    expect(await throttle.take(ALICE, 1)).toMatchObject({ isGranted: false });
  });

  it('fills with time, and not beyond its maximum', async () => {
    const local = createLocal();
    const { throttle } = local;
    await throttle.take(ALICE, 1_000);
    local.pass(2_505);
    expect(await throttle.take(ALICE, 0)).toMatchObject({ bucket: { available: 250 } });
    local.pass(3_600_000);
    expect(await throttle.take(ALICE, 0)).toMatchObject({ bucket: { available: 1_000 } });
  });

  it('says when it has enough, and then has it', async () => {
    const local = createLocal();
    const { throttle } = local;
    await throttle.take(ALICE, 1_000);
    expect(await throttle.take(ALICE, 250)).toMatchObject({ isGranted: false });
    expect(throttle.waitFor(ALICE, 250)).toBe(2_500);
    local.pass(2_499);
    expect(throttle.spend(ALICE, 250)).toBe(false);
    local.pass(1);
    expect(throttle.spend(ALICE, 250)).toBe(true);
  });

  it('that is looked at stays as it is, and nobody is counted as throttled, in debt as well', async () => {
    const throttled: unknown[] = [];
    const stop = signals.throttled.hear((fact) => throttled.push(fact));
    const { throttle } = createLocal();
    await throttle.take({ ...ALICE, tier: 'EDITOR' }, 2_000);
    expect(throttle.look(ALICE)).toEqual({ maximum: 1_000, available: 0, restoreRate: 100 });
    expect(throttle.look(BOB)).toMatchObject({ available: 1_000 });
    expect(throttled).toEqual([]);
    stop();
  });

  it('gets back what was not used, and is not fuller than full', async () => {
    const { throttle } = createLocal();
    const { bucket } = await throttle.take(ALICE, 900);
    expect(throttle.giveBack(ALICE, 400, bucket)).toEqual({
      maximum: 1_000,
      available: 500,
      restoreRate: 100,
    });
    expect(throttle.giveBack(ALICE, 900, bucket)).toMatchObject({ available: 1_000 });
    expect(await throttle.take(ALICE, 1_001)).toMatchObject({ isGranted: false });
  });

  it('that was forgotten since counts as it was when points are given back', async () => {
    const { bucket } = await createLocal().throttle.take(ALICE, 900);
    expect(createLocal().throttle.giveBack(ALICE, 400, bucket)).toMatchObject({ available: 500 });
  });

  it('is as large as the role that its user has by now', async () => {
    const { throttle } = createLocal();
    await throttle.take(ALICE, 1_000);
    expect(await throttle.take({ ...ALICE, tier: 'EDITOR' }, 1_000)).toMatchObject({
      isGranted: true,
      bucket: { maximum: 2_000, available: 0 },
    });
    expect(await throttle.take(ALICE, 0)).toMatchObject({ isGranted: false, bucket: { available: 0 } });
  });

  it('never lets more be used than its maximum and what came back, whatever is taken, spent and given back', async () => {
    const step = fc.record({
      pause: fc.nat({ max: 2_000 }),
      points: fc.nat({ max: 1_200 }),
      unused: fc.double({ min: 0, max: 1, noNaN: true }),
      isDelivered: fc.boolean(),
    });
    const local = createLocal();
    const { throttle } = local;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const payer: Payer = { key: `user:${randomUUID()}`, tier: 'READER' };
        let passed = 0;
        let used = 0;
        let overspent = 0;
        for (const { pause, points, unused, isDelivered } of steps) {
          if (isDelivered) {
            if (throttle.spend(payer, points)) used += points;
          } else {
            const { isGranted, bucket } = await throttle.take(payer, points);
            if (isGranted) {
              const back = Math.floor(points * unused);
              used += points - back;
              throttle.giveBack(payer, back, bucket);
            }
          }
          overspent = Math.max(overspent, used - (1_000 + passed / 10));
          local.pass(pause);
          passed += pause;
        }
        // Sums of fractions are off in their last places.
        expect(overspent).toBeLessThan(1e-6);
      }),
    );
  });
});
