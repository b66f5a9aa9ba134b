import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { createClient, type RecordedStatement, startTestApp } from '../kit/app.js';
import { createPerson } from '../kit/people.js';
import { createAccountRepo } from '../../src/modules/accounts/repo/reading.js';
import { createAccountWriting } from '../../src/modules/accounts/repo/writing.js';
import { openDatabase } from '../../src/db/client.js';
import { nameOf } from '../../src/db/statement.js';
import { createIdempotencyStore } from '../../src/changes/idempotency.js';

const PASSWORD = 'six lanterns on a wet pier';

interface Opened {
  readonly session: { readonly accessToken: string; readonly refreshToken: string };
  readonly viewer: { readonly id: string };
}

/**
 * Runs every statement on accounts and comments, and those that belong to any change, as clients make them run.
 *
 * @param url the demo publication.
 */
export async function statementsOfConversing(
  url: string,
  sql: postgres.Sql,
): Promise<readonly RecordedStatement[]> {
  const app = await startTestApp({ DATABASE_URL: url });
  const place = { app, sql };
  const [admin, moderator, reader] = await Promise.all([
    createPerson(place, 'ADMIN'),
    createPerson(place, 'MODERATOR'),
    createPerson(place),
  ]);
  const outcome = await app.statementsOf(async () => {
    const email = `${randomUUID()}@example.org`;
    const { signUp } = await app.query<{ signUp: Opened }>(
      `mutation ($email: String!, $username: String!, $password: String!) {
        signUp(input: { email: $email, username: $username, password: $password }) { session { accessToken refreshToken } viewer { id } } }`,
      { email, username: `u${email.slice(0, 8)}`, password: PASSWORD },
    );
    const owner = createClient(app.endpoint, { authorization: `Bearer ${signUp.session.accessToken}` });
    const { signIn } = await app.query<{ signIn: Opened }>(
      'mutation ($email: String!, $password: String!) { signIn(input: { email: $email, password: $password }) { session { refreshToken } } }',
      { email, password: PASSWORD },
    );
    const refresh =
      'mutation ($token: String!) { refreshSession(input: { refreshToken: $token }) { session { refreshToken } userErrors { code } } }';
    await app.query(refresh, { token: signIn.session.refreshToken });
    // A used one ends the session.
    await app.query(refresh, { token: signIn.session.refreshToken });
    await owner.query(
      'mutation ($old: String!, $new: String!) { changePassword(input: { currentPassword: $old, newPassword: $new }) { userErrors { code } } }',
      { old: PASSWORD, new: `${PASSWORD}, again` },
    );
    const { createApiToken } = await owner.query<{
      createApiToken: { token: string; apiToken: { id: string } };
    }>(
      'mutation { createApiToken(input: { name: "A program", scopes: [PARTICIPATE] }) { token apiToken { id } } }',
    );
    await createClient(app.endpoint, { authorization: `Bearer ${createApiToken.token}` }).query(
      '{ viewer { id } }',
    );
    await owner.query('mutation ($id: ID!) { revokeApiToken(input: { id: $id }) { userErrors { code } } }', {
      id: createApiToken.apiToken.id,
    });
    await admin.query(
      `mutation ($id: ID!) {
        setUserRole(input: { userId: $id, role: AUTHOR }) { userErrors { code } }
        suspendUser(input: { userId: $id, reason: "x" }) { userErrors { code } }
        reinstateUser(input: { userId: $id }) { userErrors { code } } }`,
      { id: signUp.viewer.id },
    );
    for (const everywhere of [false, true]) {
      await app.query(
        'mutation ($token: String!, $everywhere: Boolean) { signOut(input: { refreshToken: $token, everywhere: $everywhere }) { userErrors { code } } }',
        { token: signUp.session.refreshToken, everywhere },
      );
    }

    const { posts } = await app.query<{ posts: { nodes: { id: string }[] } }>(
      '{ posts(first: 1) { nodes { id } } }',
    );
    const add =
      'mutation ($post: ID!, $parent: ID) { addComment(input: { postId: $post, parentId: $parent, body: "x" }) @idempotent(key: "a key") { comment { id } } }';
    const post = posts.nodes[0]?.id;
    const { addComment: top } = await reader.query<{ addComment: { comment: { id: string } } }>(add, {
      post,
    });
    await reader.query(add, { post });
    const { addComment: reply } = await moderator.query<{ addComment: { comment: { id: string } } }>(add, {
      post,
      parent: top.comment.id,
    });
    const id = reply.comment.id;
    await moderator.query(
      'mutation ($id: ID!) { editComment(input: { id: $id, expectedVersion: 1, body: "y" }) { userErrors { code } } }',
      { id },
    );
    await reader.query(
      'mutation ($id: ID!) { reportComment(input: { id: $id, reason: "z" }) { userErrors { code } } }',
      { id },
    );
    await moderator.query('{ moderationQueue { nodes { reports { reason } } } }');
    await moderator.query(
      `mutation ($id: ID!) {
        setCommentState(input: { id: $id, state: HIDDEN }) { userErrors { code } }
        deleteComment(input: { id: $id }) { userErrors { code } } }`,
      { id },
    );
  });
  await app.stop();

  // What an instance or the command line does without a client.
  const own: RecordedStatement[] = [];
  const database = openDatabase({
    url,
    poolSize: 1,
    statementTimeout: 0,
    onStatement: (text, parameters) => own.push({ name: nameOf(text), text, parameters }),
  });
  await createIdempotencyStore('any secret').forget(database.db, 72, 10);
  await createAccountWriting(database.db).forgetSessions(10);
  await createAccountWriting(database.db).forgetApiTokens(10);
  await createAccountRepo(database.db).list('', 10);
  const [somebody] = await sql<{ id: string }[]>`select id from users limit 1`;
  await createAccountWriting(database.db).setPassword(somebody?.id ?? '', 'no hash');
  await createAccountWriting(database.db).removeApiTokensOf(somebody?.id ?? '');
  await createAccountWriting(database.db).removeEndedApiTokensOf(somebody?.id ?? '');
  await database.close();
  return [...outcome, ...own];
}
