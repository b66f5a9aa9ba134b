import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createPost } from '../coverage/newsroom.js';
import { createClient, type TestApp } from '../kit/app.js';
import { createPerson, type Person } from '../kit/people.js';
import type { Operation } from '../kit/sockets.js';
import { BUSES, type Instances, REVOCATIONS, useInstances } from './instances.js';
import { comment, type CommentEvent, listen } from './stage.js';

/** Somebody in a race. */
interface Runner {
  readonly person: Person;
  readonly stream: Operation<CommentEvent>;
  /** When the answer to the revocation was there. */
  revokedAt: number;
}

/**
 * Readers of one post lose their rights, each at a random moment and in a random way, while comments are written.
 *
 * @returns what any of them heard that began to be written later.
 */
async function run(stage: Instances, apps: readonly TestApp[], count: number): Promise<string[]> {
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
    return { person, stream, revokedAt: Infinity, revoke: prepared.revoke };
  };
  const runners = await Promise.all(Array.from({ length: count }, prepare));

  const race = { isOver: false };
  const writers = apps.map(async (app) => {
    const writer = createClient(app.endpoint, { authorization: `Bearer ${stage.admin().accessToken}` });
    while (!race.isOver) {
      const body = randomBytes(8).toString('hex');
      begun.set(body, performance.now());
      // eslint-disable-next-line no-await-in-loop -- one after the other
      await comment(writer, postId, body);
      // eslint-disable-next-line no-await-in-loop -- at random moments
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
  return runners.flatMap(({ stream, revokedAt }) =>
    stream.events
      .map((event) => event.comment?.body ?? '')
      .filter((body) => (begun.get(body) ?? 0) > revokedAt),
  );
}

describe.each(BUSES)('on two instances $name', ({ startBus, isSkipped }) => {
  describe.skipIf(isSkipped)('whoever lost the right to be connected', () => {
    const stage = useInstances(() => startBus());

    it('hears nothing of what was written later, in any of 500 races', async () => {
      const apps = [stage.here(), stage.there()];
      for (let batch = 0; batch < 10; batch += 1) {
        expect(await run(stage, apps, 50)).toEqual([]);
      }
    }, 120_000);
  });
});
