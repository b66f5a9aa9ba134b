import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { SignedInViewer } from '../../src/auth/viewer.js';
import { until } from '../kit/until.js';
import { type BareHeard, startBare, throttleOf } from './bareHub.js';

const user = (place: number): SignedInViewer => ({
  userId: `user ${place}`,
  role: 'READER',
  sessionId: null,
  scopes: 'ALL',
});

const several = (count: number): readonly number[] => Array.from({ length: count }, (_, place) => place);

const heardBy = (streams: readonly BareHeard[]): number =>
  streams.reduce((sum, { texts }) => sum + texts.length, 0);

describe('a crowd that comes back from one cursor', () => {
  it('is answered together, though not everybody is there at once', async () => {
    const bare = await startBare();
    const [missed, size] = [20, 100];
    for (let event = 0; event < missed; event += 1) bare.happen();
    bare.read = () => pause(2, 'a text');
    let arrived = 0;
    bare.authorise = () => pause((arrived += 1) % 30);
    const connections = await Promise.all(several(size).map(() => bare.connect()));
    const streams = await Promise.all(connections.map((one) => bare.listen(one, 'events', 0)));
    await until('all caught up', () => streams.every(({ texts }) => texts.length === missed));
    // Two cohorts where somebody came late.
    expect(bare.hub.counters.executions).toBeLessThanOrEqual(2 * missed);
  });

  it('does not keep those waiting who hear what happens now', async () => {
    const bare = await startBare({ dependsOnViewer: true });
    for (let event = 0; event < 20; event += 1) bare.happen();
    bare.read = () => pause(10, 'a text');
    const live = await bare.listen(await bare.connect(), 'events');
    const back = await Promise.all(
      several(40).map(async (place) => bare.listen(await bare.connect(user(place)), 'events', 0)),
    );
    await until('they are catching up', () => heardBy(back) > 100);
    const before = bare.hub.counters.executions;
    bare.happen();
    while (live.texts.length === 0) await pause(1);
    expect(bare.hub.counters.executions - before).toBeLessThan(20);
    await until('they are there', () => heardBy(back) === 40 * 21);
  });
});

describe('streams of one payer who has no points left', () => {
  it('wake one after the other, each for points of its own', async () => {
    const throttle = throttleOf({ maximum: 200, restoreRate: 20 });
    const bare = await startBare({ throttle });
    const connection = await bare.connect();
    const streams = await Promise.all(several(200).map(() => bare.listen(connection, 'events')));
    bare.happen();
    await until('all heard it', () => heardBy(streams) === 200);
    bare.happen();
    await until('they wait', () => bare.hub.counters.cohorts === 0);
    const before = {
      lookUps: bare.lookUps,
      executions: bare.hub.counters.executions,
      heard: heardBy(streams),
    };
    await pause(1_500);
    const heard = heardBy(streams) - before.heard;
    expect(heard).toBeGreaterThan(15);
    // Some may be on their way. Woken all at once, they would be two hundred.
    expect(bare.lookUps - before.lookUps).toBeLessThanOrEqual(heard + 5);
    expect(bare.hub.counters.executions - before.executions).toBeLessThanOrEqual(heard + 5);

    // Whoever leaves keeps nobody waiting.
    for (const { stream } of streams) bare.hub.close(stream);
    const late = await bare.listen(connection, 'events', 1);
    await until('who comes now hears it', () => late.texts.length === 1, 2_000);
  });
});

describe('an event that concerns a user', () => {
  it('is executed once where they are answered alone', async () => {
    const bare = await startBare({ dependsOnViewer: true });
    const viewer = user(1);
    bare.concerned = [viewer.userId];
    const stream = await bare.listen(await bare.connect(viewer), 'events');
    for (let event = 1; event <= 10; event += 1) {
      bare.happen();
      await until('it was heard', () => stream.texts.length === event);
    }
    expect(bare.hub.counters.executions).toBe(10);
  });
});
