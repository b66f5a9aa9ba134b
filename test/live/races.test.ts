import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createPost } from '../coverage/newsroom.js';
import { createClient, type TestApp } from '../kit/app.js';
import { createPerson, type Person } from '../kit/people.js';
import type { Operation, TestSocket } from '../kit/sockets.js';
import { BUSES, type Instances, REVOCATIONS, useInstances } from './instances.js';
import { comment, type CommentEvent, listen } from './stage.js';

/** Somebody in a race. */
interface Runner {
  readonly person: Person;
  readonly socket: TestSocket;
  readonly stream: Operation<CommentEvent>;
  /** When the answer to the revocation was there. */
  revokedAt: number;
}

/**
 * Readers of one post lose their rights, each at a random moment and in a random way, while comments are written.
 *
 * @returns what any of them heard that began to be written later, how much they heard at all, and how they were sent away.
 */
async function run(stage: Instances, apps: readonly TestApp[], count: number) {
  const publication = stage.publication();
  const { id: postId } = await createPost(publication);
  const begun = new Map<string, number>();
  const pick = <Item>(items: readonly Item[]): Item =>
    items[Math.floor(Math.random() * items.length)] as Item;
  const prepare = async (): Promise<Runner & { readonly revoke: () => Promise<unknown> }> => {
    const person = await createPerson(publication);
    const prepared = await pick(Object.values(REVOCATIONS))(stage, person);
    const socket = await stage.open(pick(apps), { accessToken: prepared.accessToken });
    const stream = await listen(publication, socket, 'comments', postId);
    return { person, socket, stream, revokedAt: Infinity, revoke: prepared.revoke };
  };
  const runners = await Promise.all(Array.from({ length: count }, prepare));

  const race = { isOver: false };
  const writers = apps.map(async (app) => {
    const writer = createClient(app.endpoint, { authorization: `Bearer ${stage.admin().accessToken}` });
    while (!race.isOver) {
      const body = randomBytes(8).toString('hex');
      begun.set(body, performance.now());
      await comment(writer, postId, body);
      await pause(Math.random() * 10);
    }
  });
  await Promise.all(
    runners.map(async (runner) => {
      await pause(Math.random() * 500);
      await runner.revoke();
      runner.revokedAt = performance.now();
    }),
  );
  await pause(Math.random() * 300);
  race.isOver = true;
  await Promise.all(writers);
  const closings = await Promise.all(runners.map(({ socket }) => socket.closed()));
  return {
    tooLate: runners.flatMap(({ stream, revokedAt }) =>
      stream.events
        .map((event) => event.comment?.body ?? '')
        .filter((body) => (begun.get(body) ?? 0) > revokedAt),
    ),
    heard: runners.reduce((sum, { stream }) => sum + stream.events.length, 0),
    codes: new Set(closings.map(({ code }) => code)),
  };
}

describe.each(BUSES)('on two instances $name', ({ startBus, isSkipped }) => {
  describe.skipIf(isSkipped)('whoever lost the right to be connected', () => {
    const stage = useInstances(() => startBus());

    it('hears nothing of what was written later, in any of 500 races', async () => {
      const apps = [stage.here(), stage.there()];
      for (let batch = 0; batch < 10; batch += 1) {
        const { tooLate, heard, codes } = await run(stage, apps, 50);
        expect([tooLate, [...codes]]).toEqual([[], [4403]]);
        expect(heard).toBeGreaterThan(50);
      }
    }, 120_000);
  });
});
