import { beforeAll, describe, expect, it } from 'vitest';
import { createPost } from '../coverage/newsroom.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { until } from '../kit/until.js';

/** The longest that an answer may be old. */
const LONGEST_AGE = 900;

/** What readers are promised, in milliseconds. */
const PROMISED = 1_000;

const THREAD =
  'query Thread($id: ID!) { node(id: $id) { ... on Post { comments(first: 100) { nodes { body } } } } }';

interface Thread {
  readonly node: { readonly comments: { readonly nodes: { body: string }[] } };
}

describe('an answer that everybody gets, about a post where much is added', () => {
  const publication = usePublication({ TIDINGS_ANSWER_AGE_MS: String(LONGEST_AGE) });
  let reader: Person;
  beforeAll(async () => {
    reader = await createPerson(publication);
  });

  const add = async (postId: string, body: string): Promise<string> => {
    const { addComment } = await reader.query<{ addComment: { comment: { id: string } } }>(
      'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } userErrors { code } } }',
      { input: { postId, body } },
    );
    return addComment.comment.id;
  };
  const bodiesOf = async (id: string): Promise<string[]> =>
    (await publication.app.query<Thread>(THREAD, { id })).node.comments.nodes.map(({ body }) => body);

  it('is made anew for so many comments in a row, and then shows them within the second', async () => {
    const { id } = await createPost(publication);
    const committed: number[] = [];
    let executions = 0;
    const began = performance.now();
    while (committed.length < 40) {
      await add(id, `Comment ${committed.length}`);
      committed.push(performance.now());
      const asking = performance.now();
      const statements = await publication.app.statementsOf(async () => {
        const oldestMissing = committed[(await bodiesOf(id)).length] ?? asking;
        expect(asking - oldestMissing).toBeLessThan(PROMISED);
      });
      if (statements.length > 0) executions += 1;
    }
    const seconds = (performance.now() - began) / 1_000;
    // Ten for the comments, two more each second, and those that were too old anyway.
    expect(executions).toBeLessThanOrEqual(11 + Math.ceil(seconds * (2 + 1_000 / LONGEST_AGE)));
    await until('it shows all', async () => (await bodiesOf(id)).length === committed.length);
  });

  it('shows at once what was taken out of sight, however much is added', async () => {
    const moderator = await createPerson(publication, 'MODERATOR');
    const { id: postId } = await createPost(publication);
    for (let count = 0; count < 15; count += 1) {
      await add(postId, `Comment ${count}`);
      await bodiesOf(postId);
    }
    const hidden = await add(postId, 'To be hidden');
    await until('everybody sees it', async () => (await bodiesOf(postId)).includes('To be hidden'));
    await moderator.query(
      'mutation ($input: SetCommentStateInput!) { setCommentState(input: $input) { userErrors { code } } }',
      { input: { id: hidden, state: 'HIDDEN' } },
    );
    const bodies = await bodiesOf(postId);
    expect(bodies).toHaveLength(15);
    expect(bodies).not.toContain('To be hidden');
  });
});
