import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';

describe('the statements of a mutation', () => {
  const publication = usePublication();
  let reader: Person;
  let postId: string;
  let commentId: string;
  beforeAll(async () => {
    reader = await createPerson(publication);
    const { post } = await publication.app.query<{
      post: { id: string; comments: { nodes: { id: string }[] } };
    }>('{ post(by: { slug: "lighthouse-lens" }) { id comments(first: 1) { nodes { id } } } }');
    postId = post.id;
    commentId = post.comments.nodes[0]?.id ?? '';
  });

  const namesOf = async (field: string, variables: object, key?: string): Promise<(string | undefined)[]> => {
    const statements = await publication.app.statementsOf(() =>
      reader.query(
        `mutation ($id: ID!${field.includes('$parent') ? ', $parent: ID' : ''}) { ${field} }`,
        { ...variables },
        key === undefined ? {} : { 'idempotency-key': key },
      ),
    );
    return statements.map(({ name }) => name);
  };

  const COMMENT =
    'addComment(input: { postId: $id, parentId: $parent, body: "x" }) { comment { id version } userErrors { code } }';
  const REACT =
    'addReaction(input: { subjectId: $id, kind: LOVE }) { reactions { kind count } userErrors { code } }';

  it('that comments are four, six with a key: who it is, what it is about, the row with its counters, the event', async () => {
    expect(await namesOf(COMMENT, { id: postId })).toEqual([
      'accounts.userOfSession',
      'comments.postToCommentOn',
      'comments.add',
      'events.append',
    ]);
    expect(await namesOf(COMMENT, { id: postId, parent: commentId }, randomUUID())).toEqual([
      'accounts.userOfSession',
      'changes.claimKey',
      'comments.parentToAnswer',
      'comments.add',
      'changes.keepAnswer',
      'events.append',
    ]);
  });

  it('that reacts are at most six', async () => {
    expect(await namesOf(REACT, { id: commentId }, randomUUID())).toEqual([
      'accounts.userOfSession',
      'changes.claimKey',
      'reactions.comment',
      'reactions.add',
      'changes.keepAnswer',
      'events.append',
    ]);
  });
});
