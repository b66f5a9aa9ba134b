import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../kit/app.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';

describe('a repeat of a mutation', () => {
  const publication = usePublication();
  let author: Person;
  let editor: Person;
  let reader: Person;
  beforeAll(async () => {
    [author, editor, reader] = await Promise.all([
      createPerson(publication, 'AUTHOR'),
      createPerson(publication, 'EDITOR'),
      createPerson(publication),
    ]);
  });

  const draft = async (): Promise<string> => {
    const { createPost } = await author.query<{ createPost: { post: { id: string } } }>(
      `mutation { createPost(input: { title: "Notes ${randomUUID()}", body: "one" }) { post { id } } }`,
    );
    return createPost.post.id;
  };
  const UPDATE =
    'mutation ($id: ID!, $body: String, $version: Int!) { updatePost(input: { id: $id, expectedVersion: $version, body: $body }) { post { version body } userErrors { code } } }';

  it('of a post answers it as it is by now, and not to one who may no longer read it', async () => {
    const id = await draft();
    const key = { 'idempotency-key': randomUUID() };
    const input = { id, body: 'two', version: 1 };
    expect(await editor.query(UPDATE, input, key)).toEqual({
      updatePost: { post: { version: 2, body: 'two' }, userErrors: [] },
    });
    await author.query(UPDATE, { id, body: 'three', version: 2 });
    expect(await editor.query(UPDATE, input, key)).toEqual({
      updatePost: { post: { version: 3, body: 'three' }, userErrors: [] },
    });
    await publication.sql`update users set role = 'AUTHOR' where id = ${editor.uuid}`;
    expect(await editor.query(UPDATE, input, key)).toEqual({ updatePost: { post: null, userErrors: [] } });
    await publication.sql`update users set role = 'EDITOR' where id = ${editor.uuid}`;
  });

  it('of a comment answers nothing of one that has gone out of sight', async () => {
    const { post } = await publication.app.query<{ post: { id: string } }>(
      '{ post(by: { slug: "lighthouse-lens" }) { id } }',
    );
    const add =
      'mutation ($id: ID!) { addComment(input: { postId: $id, body: "Soon gone" }) { comment { id body } userErrors { code } } }';
    const key = { 'idempotency-key': randomUUID() };
    const first = await reader.query<{ addComment: { comment: { id: string } } }>(add, { id: post.id }, key);
    await editor.query(
      'mutation ($id: ID!) { setCommentState(input: { id: $id, state: HIDDEN }) { userErrors { code } } }',
      { id: first.addComment.comment.id },
    );
    expect(await reader.query(add, { id: post.id }, key)).toEqual({
      addComment: { comment: null, userErrors: [] },
    });
  });

  it('of a sign-in speaks for its user only as long as the session does', async () => {
    const username = `user-${randomUUID().slice(0, 8)}`;
    const email = `${username}@example.org`;
    const password = 'nine herons on the weir';
    const anonymous = createClient(publication.app.endpoint);
    await anonymous.query(
      'mutation ($input: SignUpInput!) { signUp(input: $input) { userErrors { code } } }',
      { input: { email, username, password } },
    );
    const signIn =
      'mutation ($input: SignInInput!) { signIn(input: $input) { session { refreshToken } viewer { username email } userErrors { code } } }';
    const key = { 'idempotency-key': randomUUID() };
    const input = { email, password };
    const first = await anonymous.query<{ signIn: { session: object; viewer: object } }>(
      signIn,
      { input },
      key,
    );
    expect(first.signIn.viewer).toEqual({ username, email });
    expect(await anonymous.query(signIn, { input }, key)).toEqual(first);
    await publication.sql`update sessions set revoked_at = now() where user_id = (select id from users where username = ${username})`;
    const late = await anonymous.query<{ signIn: { viewer: object } }>(signIn, { input }, key);
    expect(late.signIn.viewer).toEqual({ username, email: null });
  });

  it('does not keep an editor from renaming a post that everybody comments on', async () => {
    const slug = `busy-${randomUUID()}`;
    const id = await draft();
    await author.query('mutation ($id: ID!) { publishPost(input: { id: $id }) { userErrors { code } } }', {
      id,
    });
    const add =
      'mutation ($id: ID!) { addComment(input: { postId: $id, body: "x" }) { userErrors { code } } }';
    const outcomes = await Promise.all([
      ...Array.from({ length: 60 }, () => reader.send<{ addComment: object }>(add, { id })),
      ...Array.from({ length: 6 }, (_, n) =>
        editor.send<{ updatePost: object }>(
          'mutation ($id: ID!, $slug: String, $version: Int!) { updatePost(input: { id: $id, expectedVersion: $version, slug: $slug }) { userErrors { code } } }',
          { id, slug: `${slug}-${n}`, version: 1 },
        ),
      ),
    ]);
    expect(outcomes.flatMap(({ errors = [] }) => errors)).toEqual([]);
    const renamed = outcomes
      .slice(60)
      .filter((outcome) => JSON.stringify(outcome).includes('"userErrors":[]'));
    expect(renamed).toHaveLength(1);
  });
});
