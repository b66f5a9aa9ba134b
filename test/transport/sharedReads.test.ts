import { beforeAll, describe, expect, it } from 'vitest';
import { nameOf } from '../../src/db/statement.js';
import { signals } from '../../src/lib/signals.js';
import { createPost } from '../coverage/newsroom.js';
import { type Client, UNASKED } from '../kit/app.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';

const THREAD = `query Thread($id: ID!) { node(id: $id) { ... on Post {
  id commentCount comments(first: 100) { nodes { id body } } viewerHasBookmarked } } }`;
const PAGE = `query Page($id: ID!) { node(id: $id) { ... on Post {
  title bodyHtml authors { name } tags { name } coverage { entries(first: 20) { nodes { bodyHtml } } } } } }`;
const ADD = `mutation ($input: AddCommentInput!) { addComment(input: $input) {
  comment { id post { comments(first: 100) { nodes { id } } } } userErrors { code } } }`;

interface Comments {
  readonly nodes: readonly { readonly id: string; readonly body: string }[];
}

interface Thread {
  readonly node: {
    readonly commentCount: number;
    readonly comments: Comments;
    readonly viewerHasBookmarked: boolean | null;
  } | null;
}

interface Added {
  readonly addComment: {
    readonly comment: { readonly id: string; readonly post: { readonly comments: Comments } };
  };
}

/** Of those who ask at the same time. */
const MANY = 20;

const atOnce = <Result>(work: () => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: MANY }, work));

/** How many statements PostgreSQL gets, and how many operations are executed. */
async function takenBy(work: () => Promise<unknown>): Promise<{ statements: number; executions: number }> {
  const taken = { statements: 0, executions: 0 };
  const stops = [
    signals.statement.hear(({ text }) => {
      if (!UNASKED.has(nameOf(text))) taken.statements += 1;
    }),
    signals.operation.hear(({ isKept }) => void (taken.executions += Number(!isKept))),
  ];
  await work().finally(() => {
    for (const stop of stops) stop();
  });
  return taken;
}

describe('a crowd that asks the same at the same moment', () => {
  // No answer is older than its question.
  const publication = usePublication({ TIDINGS_ANSWER_AGE_MS: '0' });
  let readers: Person[];
  beforeAll(async () => {
    readers = await Promise.all(Array.from({ length: MANY }, () => createPerson(publication)));
  });
  const asEach = (ask: (reader: Person) => Promise<unknown>) => Promise.all(readers.map(ask));

  it('takes little of PostgreSQL, also where each is somebody else', async () => {
    const { id } = await createPost(publication);
    const ask = (reader: Person) => reader.query(PAGE, { id });
    const [first] = readers;
    const alone = await takenBy(async () => first && ask(first));
    const together = await takenBy(() => asEach(ask));
    expect(alone.statements).toBeGreaterThan(2);
    expect(together.executions).toBe(MANY);
    // Each is authenticated alone.
    expect(together.statements).toBeLessThan(MANY + ((alone.statements - 1) * MANY) / 2);
  });

  it('is answered by a few executions where nobody knows who they are', async () => {
    const { id } = await createPost(publication);
    const ask = () => publication.app.query<Thread>(THREAD, { id });
    const first = await ask();
    const { executions } = await takenBy(async () => {
      expect(await atOnce(ask)).toEqual(Array(MANY).fill(first));
    });
    expect(executions).toBeLessThan(MANY / 2);
  });

  it('sees what was committed before each of them asked', async () => {
    const { id } = await createPost(publication);
    const reading: Promise<void>[] = [];
    const readAtLeast = async (least: number, client: Pick<Client, 'query'>) => {
      const { node } = await client.query<Thread>(THREAD, { id });
      expect(node?.comments.nodes.length).toBeGreaterThanOrEqual(least);
      expect(node?.commentCount).toBeGreaterThanOrEqual(least);
    };
    for (const [count, writer] of readers.entries()) {
      await writer.query(ADD, { input: { postId: id, body: `Comment ${count}` } });
      for (const reader of readers.slice(0, 3)) reading.push(readAtLeast(count + 1, reader));
      reading.push(readAtLeast(count + 1, publication.app));
    }
    expect(await Promise.all(reading)).toHaveLength(4 * MANY);
  });

  it('is told, each by the answer to its mutation, of what it wrote', async () => {
    const { id } = await createPost(publication);
    const read = atOnce(() => publication.app.query<Thread>(THREAD, { id }));
    const written = await Promise.all(
      readers.map((writer, place) =>
        writer.query<Added>(ADD, { input: { postId: id, body: `Comment ${place}` } }),
      ),
    );
    for (const { addComment } of written) {
      expect(addComment.comment.post.comments.nodes.map((node) => node.id)).toContain(addComment.comment.id);
    }
    await read;
  });

  it('is answered each what it may read, and what is its own', async () => {
    const { id } = await createPost(publication);
    const editor = await createPerson(publication, 'EDITOR');
    const draft = await editor.query<{ createPost: { post: { id: string } } }>(
      `mutation ($input: CreatePostInput!) { createPost(input: $input) { post { id } userErrors { code } } }`,
      { input: { title: 'Not yet', body: 'A draft', language: 'en' } },
    );
    const { id: draftId } = draft.createPost.post;
    await readers[0]?.query(
      'mutation ($input: BookmarkInput!) { addBookmark(input: $input) { userErrors { code } } }',
      { input: { postId: id } },
    );
    const drafts = await Promise.all([
      ...readers.map((reader) => reader.query<Thread>(THREAD, { id: draftId })),
      editor.query<Thread>(THREAD, { id: draftId }),
      publication.app.query<Thread>(THREAD, { id: draftId }),
    ]);
    expect(drafts.map(({ node }) => node !== null)).toEqual([...readers.map(() => false), true, false]);
    const posts = await Promise.all(readers.map((reader) => reader.query<Thread>(THREAD, { id })));
    expect(posts.map(({ node }) => node?.viewerHasBookmarked)).toEqual(
      readers.map((_, place) => place === 0),
    );
  });
});

describe('with TIDINGS_SHARED_READS=0', () => {
  const publication = usePublication({ TIDINGS_ANSWER_AGE_MS: '0', TIDINGS_SHARED_READS: '0' });

  it('each request is by itself', async () => {
    const { id } = await createPost(publication);
    const ask = () => publication.app.query(PAGE, { id });
    const alone = await takenBy(ask);
    const together = await takenBy(() => atOnce(ask));
    expect(together).toEqual({ statements: MANY * alone.statements, executions: MANY });
  });
});
