import { v7 } from 'uuid';
import type { z } from 'zod';
import { RENDERER_VERSION, type RenderedBody } from '../../../render/body.js';
import { type ImportEnvironment, lastOfEach, type Located, type Step } from '../loading.js';
import type * as records from '../records.js';
import {
  type Parent,
  postsOfDiscussions,
  storedComments,
  upsertComments,
  upsertDiscussions,
} from '../repo/comments.js';
import { postIds, userIds } from '../repo/posts.js';

interface ImportedDiscussion extends z.output<typeof records.discussion> {
  readonly externalId: string;
}

/** Discussions: which post their comments belong to. One without a post here is skipped, and so are its comments. */
export const discussionStep = (
  { db, report }: ImportEnvironment,
  kind: string,
): Step<ImportedDiscussion, readonly Located<ImportedDiscussion>[]> => ({
  kind,
  batchSize: 1000,
  prepare: (batch) => Promise.resolve(lastOfEach(batch)),
  async write(batch) {
    const posts = await postIds(
      db,
      batch.flatMap(({ value }) => value.suggested_post_id ?? []),
    );
    const rows = batch.map(({ value }) => ({
      externalId: value.externalId,
      postId: posts.get(value.suggested_post_id ?? '') ?? null,
    }));
    const written = await upsertDiscussions(db, rows);
    const attached = rows.filter((row) => row.postId !== null);
    report.count(
      kind,
      attached.length,
      written.filter((row) => row.postId !== null),
    );
    report.tallyOf(kind).skipped += rows.length - attached.length;
  },
});

/** A comment from elsewhere. */
export interface ImportedComment extends z.output<typeof records.comment> {
  readonly externalId: string;
}

interface RenderedComment extends ImportedComment {
  readonly id: string;
  readonly rendered: RenderedBody;
}

/**
 * Comments, in the order of the file: their ids keep it for comments of the same minute.
 *
 * @param park receives a reply whose parent has not come yet. Files usually have parents first, but nothing says so.
 */
export const commentStep = (
  { db, renderer, report }: ImportEnvironment,
  kind: string,
  park: (reply: Located<ImportedComment>) => Promise<void>,
): Step<ImportedComment, readonly Located<RenderedComment>[]> => ({
  kind,
  batchSize: 1000,
  prepare: (batch) =>
    Promise.all(
      lastOfEach(batch).map(async ({ value, ...place }) => {
        const rendered = await renderer.render(value.body, 'TEXT');
        const html =
          value.body_html == null ? rendered.html : (await renderer.render(value.body_html, 'HTML')).html;
        return { ...place, value: { ...value, id: v7(), rendered: { html, text: rendered.text } } };
      }),
    ),
  async write(batch) {
    const comments = batch.map(({ value }) => value);
    const [posts, users, stored] = await Promise.all([
      postsOfDiscussions(
        db,
        comments.map((comment) => comment.discussion_id),
      ),
      userIds(
        db,
        comments.map((comment) => comment.user_id),
      ),
      storedComments(
        db,
        comments.flatMap((comment) => [comment.externalId, comment.parent_id ?? []].flat()),
      ),
    ]);
    /** Every comment that a reply of this batch may answer. */
    const parents = new Map<string, Parent>(stored);
    const rows = [];
    for (const record of batch) {
      const { file, line, value } = record;
      const postId = posts.get(value.discussion_id);
      const authorId = users.get(value.user_id);
      const parent = value.parent_id == null ? undefined : parents.get(value.parent_id);
      if (postId === undefined) {
        report.reject(kind, file, line, `discussion_id: "${value.discussion_id}" is no discussion here`);
      } else if (postId === null) {
        report.tallyOf(kind).skipped += 1;
      } else if (authorId === undefined) {
        report.reject(kind, file, line, `user_id: "${value.user_id}" is no user here`);
      } else if (value.parent_id != null && parent === undefined) {
        await park(record);
      } else if (parent !== undefined && parent.postId !== postId) {
        report.reject(kind, file, line, `parent_id: "${value.parent_id}" belongs to another post`);
      } else {
        const depth = parent === undefined ? 0 : parent.depth + 1;
        const id = stored.get(value.externalId)?.id ?? value.id;
        parents.set(value.externalId, { id, postId, depth });
        rows.push({
          id,
          externalId: value.externalId,
          postId,
          parentId: parent?.id ?? null,
          depth,
          authorId,
          language: value.lang ?? 'en',
          body: value.body,
          bodyFormat: 'TEXT' as const,
          sourceHtml: value.body_html ?? null,
          bodyHtml: value.rendered.html,
          bodyText: value.rendered.text,
          rendererVersion: RENDERER_VERSION,
          createdAt: value.created_at,
        });
      }
    }
    if (rows.length > 0) report.count(kind, rows.length, await upsertComments(db, rows));
  },
});
