import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCursorCodec } from '../../src/lib/cursor.js';
import { decodeId } from '../../src/graphql/globalIds.js';
import { TEST_SECRET } from '../kit/app.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';

const cursors = createCursorCodec(TEST_SECRET);

describe('a stream cursor', () => {
  const publication = usePublication();
  let reader: Person;
  let postId: string;
  let topic: string;
  beforeAll(async () => {
    reader = await createPerson(publication);
    const { post } = await publication.app.query<{ post: { id: string } }>(
      '{ post(by: { slug: "lamp-night" }) { id } }',
    );
    postId = post.id;
    topic = `post:${decodeId(postId)?.uuid ?? ''}:comments`;
  });

  const headOf = (cursor: string): number => cursors.openPlace(topic, cursor);
  const add = async (body: string): Promise<void> => {
    await reader.query(
      'mutation ($input: AddCommentInput!) { addComment(input: $input) { userErrors { code } } }',
      { input: { postId, body } },
    );
  };
  const read = (selection: string) =>
    publication.app.query<{ post: { comments: Record<string, unknown> & { streamCursor: string } } }>(
      `query ($id: ID) { post(by: { id: $id }) { comments(first: 100, topLevelOnly: false) { ${selection} } } }`,
      { id: postId },
    );

  it('names the head of its topic, alone as well as beside the list', async () => {
    await add('One more');
    const [{ head } = { head: '0' }] = await publication.sql<{ head: string }[]>`
      select head from topics where name = ${topic}`;
    for (const selection of ['streamCursor', 'streamCursor nodes { id }', 'edges { cursor } streamCursor']) {
      const { post } = await read(selection);
      expect(headOf(post.comments.streamCursor)).toBe(Number(head));
    }
  });

  it('is read in the snapshot of its page: the list holds the changes up to it, and no later one', async () => {
    const writing = { isDone: false };
    const reads = (async () => {
      const seen: { head: number; bodies: string[] }[] = [];
      while (!writing.isDone) {
        const { post } = await read('nodes { body } streamCursor');
        const nodes = post.comments['nodes'] as { body: string }[];
        seen.push({ head: headOf(post.comments.streamCursor), bodies: nodes.map((node) => node.body) });
        await delay(1);
      }
      return seen;
    })();
    for (let batch = 0; batch < 15; batch += 1) {
      await Promise.all(Array.from({ length: 4 }, (_, n) => add(`Change ${batch}.${n}`)));
    }
    writing.isDone = true;
    const log = await publication.sql<{ seq: string; body: string }[]>`
      select seq, body from events join comments on comments.id::text = payload ->> 'commentId' where topic = ${topic} order by seq`;
    const seen = await reads;
    expect(seen.length).toBeGreaterThan(5);
    const written = new Set(log.map((event) => event.body));
    for (const { head, bodies } of seen) {
      const upToHead = log.filter((event) => Number(event.seq) <= head).map((event) => event.body);
      expect(bodies.filter((body) => written.has(body)).toSorted()).toEqual(upToHead.toSorted());
    }
  });

  it('costs one statement and the setting of its transaction, for any number of lists', async () => {
    const count = async (selection: string): Promise<number> => {
      const statements = await publication.app.statementsOf(() =>
        publication.app.query(`{ posts(first: 20) { nodes { comments(first: 3) { ${selection} } } } }`),
      );
      return statements.filter(({ name }) => name !== undefined).length;
    };
    expect(await count('nodes { id } streamCursor')).toBe((await count('nodes { id }')) + 1);
  });
});
