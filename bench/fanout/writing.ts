/** What the readers hear of: a post, and comments on it. */
import { randomBytes, randomUUID } from 'node:crypto';
import { sql as statement } from 'drizzle-orm';
import postgres from 'postgres';
import { v7 } from 'uuid';
import { createAccessTokens } from '../../src/auth/accessTokens.js';
import { openDatabase } from '../../src/db/client.js';
import type { Bus } from '../../src/events/bus.js';
import { appendEvents } from '../../src/events/log.js';
import { topicOf } from '../../src/events/topics.js';
import { encodeId } from '../../src/graphql/globalIds.js';

/** A reader who writes comments, and a post to write them to. */
export async function prepare(databaseUrl: string, secret: string) {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  const [userId, sessionId, postId] = [randomUUID(), randomUUID(), randomUUID()];
  const mark = randomBytes(4).toString('hex');
  await sql`insert into users (id, username, name) values (${userId}, ${`bench-${mark}`}, 'A reader')`;
  await sql`insert into sessions (id, user_id, refresh_digest, expires_at) values (${sessionId}, ${userId}, ${randomBytes(32)}, now() + interval '1 day')`;
  await sql`insert into posts (id, slug, title, language, status, published_at, body, body_format, body_html, body_text, renderer_version)
    values (${postId}, ${`bench-${mark}`}, 'A post', 'en', 'PUBLISHED', now(), 'Text', 'MARKDOWN', '<p>Text</p>', 'Text', 1)`;
  await sql.end();
  const tokens = createAccessTokens({ secret, previousSecret: undefined });
  const { token } = await tokens.sign({ userId, sessionId });
  return { token, userId, postUuid: postId, postId: encodeId('Post', postId) };
}

/** Writes a comment as its author does. */
export async function comment(url: string, token: string, postId: string, body: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      query:
        'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } userErrors { message } } }',
      variables: { input: { postId, body } },
    }),
  });
  const text = await response.text();
  if (!text.includes('"userErrors":[]')) throw new Error(`Refused: ${text}`);
}

/** Commits comments with their events at once, as another instance would: the peers write nothing either. */
export async function writeAtOnce(
  databaseUrl: string,
  postId: string,
  userId: string,
  count: number,
  bus: Bus | undefined,
): Promise<void> {
  const client = openDatabase({ url: databaseUrl, poolSize: 1, statementTimeout: 0 });
  const comments = Array.from({ length: count }, (_, n) => ({
    id: v7(),
    postId,
    authorId: userId,
    body: `What everybody is waiting for, number ${n}.`,
  }));
  const events = await client.db.transaction(async (tx) => {
    await tx.execute(statement`
      insert into comments (id, post_id, author_id, depth, language, body, body_html, body_text, body_format, renderer_version)
      select id, ${postId}::uuid, ${userId}::uuid, 0, 'en', body, body, body, 'MARKDOWN', 1
      from jsonb_to_recordset(${JSON.stringify(comments)}::jsonb) as given(id uuid, body text)`);
    return appendEvents(
      tx,
      comments.map(({ id, authorId }) => ({
        topic: topicOf.comments(postId),
        type: 'comment.added',
        payload: {
          commentId: id,
          postId,
          parentId: null,
          authorId,
          state: 'VISIBLE',
          previousState: null,
          version: 1,
          listed: true,
          previouslyListed: false,
        },
      })),
    );
  });
  bus?.publish(events);
  await client.close();
}
