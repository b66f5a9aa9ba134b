import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { SignedInViewer } from '../../src/auth/viewer.js';
import { signals, type StreamFact } from '../../src/lib/signals.js';
import { until } from '../kit/until.js';
import { type BareHub, startBare } from './bareHub.js';

const failingWith = (code: string): Error => Object.assign(new Error('It failed.'), { code });

/** Lets PostgreSQL give up so many of the next reads. */
function timeOut(bare: BareHub, times: number, text = 'a text'): void {
  let left = times;
  bare.read = () => {
    left -= 1;
    if (left >= 0) throw failingWith('57014');
    return text;
  };
}

describe('a statement that takes too long', () => {
  it.each(['events', 'value'] as const)(
    'for an answer to %s is tried again twice, and ends no stream',
    async (kind) => {
      const bare = await startBare();
      const stream = await bare.listen(await bare.connect(), kind, kind === 'events' ? 0 : undefined);
      for (let time = 1; time <= 2; time += 1) {
        const text = `text ${time}`;
        timeOut(bare, 2, text);
        bare.happen();
        await until('it was heard', () => stream.texts.at(-1) === text);
      }
      await pause(1_000);
      expect([stream.end, bare.reported]).toEqual([undefined, []]);
    },
  );

  it.each(['events', 'value'] as const)(
    'three times for one answer to %s ends it, and is reported',
    async (kind) => {
      const bare = await startBare();
      timeOut(bare, Infinity);
      const stream = await bare.listen(await bare.connect(), kind);
      bare.happen();
      await until('it is over', () => stream.end !== undefined);
      expect([stream.end, bare.reported.length, bare.hub.counters.executions]).toEqual(['UNAVAILABLE', 1, 3]);
    },
  );
});

describe('a database that is away', () => {
  it('is asked again by every stream at a moment of its own', async () => {
    const bare = await startBare();
    const viewer: SignedInViewer = { userId: 'somebody', role: 'READER', sessionId: null, scopes: 'ALL' };
    const connection = await bare.connect(viewer);
    for (let place = 0; place < 30; place += 1) await bare.listen(connection, 'events');
    const before = bare.lookUps;
    const askedAt: number[] = [];
    bare.authorise = () => {
      if (bare.lookUps <= before + 30) throw failingWith('ECONNREFUSED');
      askedAt.push(performance.now());
    };
    bare.commitAccess({
      type: 'user.roleSet',
      payload: { userId: 'somebody', role: 'MODERATOR', previousRole: 'READER' },
    });
    bare.tellAccess();
    await until('all are back', () => askedAt.length === 30);
    expect(Math.max(...askedAt) - Math.min(...askedAt)).toBeGreaterThan(150);
  });
});

describe('a stream whose connection is gone before it was let in', () => {
  it('is not said to have begun', async () => {
    const bare = await startBare();
    const said: StreamFact['change'][] = [];
    const stop = signals.stream.hear(({ change }) => said.push(change));
    const connection = await bare.connect();
    bare.authorise = () => bare.hub.disconnect(connection);
    await bare.listen(connection, 'events');
    stop();
    expect(said).toEqual(['ended']);
    expect(bare.hub.counters.streams).toBe(0);
  });
});
