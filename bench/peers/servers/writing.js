/** Writes a comment the plain way: who it is, the text rendered, the row and the counters; no event, no idempotency. */
import { jwtVerify } from 'jose';
import MarkdownIt from 'markdown-it';
import { randomUUID } from 'node:crypto';
import sanitizeHtml from 'sanitize-html';
import { sql } from './database.js';

const KEY = new TextEncoder().encode(process.env['PEER_SECRET']);
const markdown = new MarkdownIt({ html: true, linkify: true });

/** @typedef {{ postId: string, parentId?: string | null, body: string }} Comment */

/** Whoever sent the request; null: nobody in particular. @param {string | undefined} authorization */
export async function viewerOf(authorization) {
  const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
  if (token === undefined) return null;
  const { payload } = await jwtVerify(token, KEY, { algorithms: ['HS256'] });
  const [user] =
    await sql`select id, role from users where id = ${payload.sub ?? ''} and suspended_at is null`;
  return user ?? null;
}

/** @param {{ id: string } | null} viewer @param {Comment} comment */
export async function addComment(viewer, { postId, parentId = null, body }) {
  if (viewer === null) throw new Error('Sign in first.');
  const html = sanitizeHtml(markdown.render(body));
  const text = sanitizeHtml(html, { allowedTags: [] }).trim();
  return sql.begin(async (tx) => {
    const [post] = await tx`
      select language from posts
      where id = ${postId} and listed_at is not null and comment_policy = 'OPEN' for key share`;
    if (post === undefined)
      return { comment: null, userErrors: [{ code: 'NOT_FOUND', message: 'No such post.' }] };
    const [parent] =
      parentId === null
        ? []
        : await tx`
            update comments set reply_count = reply_count + 1 where id = ${parentId} and post_id = ${postId}
            returning depth`;
    await tx`update posts set comment_count = comment_count + 1 where id = ${postId}`;
    const [comment] = await tx`
      insert into comments (id, post_id, parent_id, depth, author_id, language, body, body_format, body_html, body_text, renderer_version)
      values (${randomUUID()}, ${postId}, ${parentId}, ${parent === undefined ? 0 : parent['depth'] + 1}, ${viewer.id},
        ${post['language']}, ${body}, 'MARKDOWN', ${html}, ${text}, 1)
      returning id, parent_id, depth, author_id, state, body, body_html, created_at, version, reply_count`;
    return { comment, userErrors: [] };
  });
}
