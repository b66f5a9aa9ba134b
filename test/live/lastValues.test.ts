import { describe, expect, it } from 'vitest';
import type { SignedInViewer } from '../../src/auth/viewer.js';
import { until } from '../kit/until.js';
import { startBare, throttleOf } from './bareHub.js';

const reader = (userId: string): SignedInViewer => ({
  userId,
  role: 'READER',
  sessionId: null,
  scopes: 'ALL',
});

describe('a stream of a value', () => {
  it('hears, once it can pay, what others heard while it could not', async () => {
    const throttle = throttleOf({ maximum: 3, restoreRate: 1 });
    const bare = await startBare({ throttle });
    let text = 'before';
    bare.read = () => text;
    const [rich, poor] = [await bare.connect(reader('rich')), await bare.connect(reader('poor'))];
    const streams = [await bare.listen(rich, 'value'), await bare.listen(poor, 'value')];
    await until('both know it', () => streams.every(({ texts }) => texts.length === 1));
    while (throttle.spend(poor.payer, 1));
    text = 'after';
    bare.happen();
    await until('one heard it', () => streams[0]?.texts.length === 2);
    expect(streams[1]?.texts).toEqual(['before']);
    await until('so did the other', () => streams[1]?.texts.length === 2, 3_000);
    expect(streams.map(({ texts }) => texts)).toEqual([
      ['before', 'after'],
      ['before', 'after'],
    ]);
  });

  it('hears it anew whenever its viewer gets another role, also one that it had', async () => {
    const bare = await startBare();
    bare.read = (viewer) => String(viewer.userId !== null && viewer.role);
    const [staying, moving] = [
      await bare.listen(await bare.connect(reader('staying')), 'value'),
      await bare.listen(await bare.connect(reader('moving')), 'value'),
    ];
    await until('both know it', () => [staying, moving].every(({ texts }) => texts.length === 1));
    for (const [role, previousRole] of [
      ['MODERATOR', 'READER'],
      ['READER', 'MODERATOR'],
    ] as const) {
      bare.commitAccess({ type: 'user.roleSet', payload: { userId: 'moving', role, previousRole } });
      bare.tellAccess();
      await until(`it is what a ${role} is shown`, () => moving.texts.at(-1) === role, 3_000);
    }
    expect(moving.texts).toEqual(['READER', 'MODERATOR', 'READER']);
    expect(staying.texts).toEqual(['READER']);
  });
});
