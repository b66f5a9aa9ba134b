import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { SignedInViewer } from '../../src/auth/viewer.js';
import { until } from '../kit/until.js';
import { startBare } from './bareHub.js';

const VIEWER: SignedInViewer = { userId: 'somebody', role: 'EDITOR', sessionId: 'theirs', scopes: 'ALL' };
const REVOKED = {
  type: 'session.revoked',
  payload: { userId: 'somebody', sessionIds: ['theirs'] },
} as const;

/** A hub whose reads wait until they are let go on. */
async function startSlow(dependsOnViewer: boolean) {
  const bare = await startBare({ dependsOnViewer });
  let text = 'public';
  let isHeld = false;
  let reading = 0;
  let letGo = (): void => undefined;
  bare.read = async ({ userId }) => {
    // Of a class nobody in particular: that answer is quick.
    if (isHeld && (dependsOnViewer || userId === VIEWER.userId)) {
      reading += 1;
      await new Promise<void>((resolve) => (letGo = resolve));
    }
    return text;
  };
  return {
    bare,
    /** Something happens; while it is read the viewer's right is lost, unheard, and then something secret is written. */
    betray: async (): Promise<void> => {
      isHeld = true;
      bare.happen();
      await until('it is read', () => reading === 1);
      bare.commitAccess(REVOKED);
      text = 'secret';
      isHeld = false;
      letGo();
    },
  };
}

describe('what was written after a right was lost', () => {
  it.each(['events', 'value'] as const)(
    'is in none of the %s, though the answer was begun before and nobody has heard of the loss',
    async (kind) => {
      const { bare, betray } = await startSlow(true);
      const heard = await bare.listen(await bare.connect(VIEWER), kind);
      if (kind === 'value') await until('it knows the value', () => heard.texts.length === 1);
      await betray();
      await until('the stream is over', () => heard.stream.isOver, 2_000).catch(() => undefined);
      expect(heard.texts).not.toContain('secret');
      expect(heard.stream.isOver).toBe(true);
    },
  );

  it('is not in an answer that concerns its viewer otherwise than their class', async () => {
    const { bare, betray } = await startSlow(false);
    bare.concerned = [VIEWER.userId];
    const other = await bare.listen(await bare.connect({ ...VIEWER, userId: 'other' }), 'events');
    const heard = await bare.listen(await bare.connect(VIEWER), 'events');
    await betray();
    await until('the other one heard it', () => other.texts.length === 1);
    await pause(20);
    expect([heard.texts, heard.stream.isOver]).toEqual([[], true]);
  });
});
