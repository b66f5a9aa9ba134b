import type { z } from 'zod';
import { RENDERER_VERSION, type RenderedBody } from '../../../render/body.js';
import { agrees, type ImportEnvironment, type Located, renderEach, type Step } from '../loading.js';
import type * as records from '../records.js';
import { userIds } from '../repo/accounts.js';
import {
  COMMENT_SOURCE,
  countComments,
  countReplies,
  type Place,
  placesOfComments,
  postsOfDiscussions,
  storedComments,
  upsertComments,
} from '../repo/comments.js';
import { inTurn } from '../repo/upsert.js';

/** A comment from elsewhere. */
export interface ImportedComment extends z.output<typeof records.comment> {
  readonly externalId: string;
  /** The id that it gets here; made when it is read, so that ids keep the order of the file within a minute. */
  readonly rowId: string;
}

interface ReadyComment {
  readonly comment: ImportedComment;
  readonly postId: string;
  readonly source: ReturnType<typeof sourceOf>;
  readonly rendered: RenderedBody;
}

const sourceOf = (comment: ImportedComment, authorId: string) => ({
  authorId,
  language: comment.lang ?? 'en',
  body: comment.body,
  sourceHtml: comment.body_html ?? null,
  createdAt: comment.created_at,
});

/**
 * Comments, in the order of the file: their ids keep it for comments of the same minute. Where a comment stands is
 * decided when it is first loaded, because replies that were written here hang on it; a record that puts it elsewhere
 * later on is rejected.
 *
 * @param park receives a reply whose parent has not come yet. Files usually have parents first, but nothing says so.
 */
export function commentStep(
  { db, renderer, report }: ImportEnvironment,
  kind: string,
  park: (reply: Located<ImportedComment>) => Promise<void>,
): Step<ImportedComment, ReadyComment> {
  const render = async ({ body, body_html }: ImportedComment): Promise<RenderedBody> => {
    const rendered = await renderer.render(body, 'TEXT');
    return body_html == null
      ? rendered
      : { html: (await renderer.render(body_html, 'HTML')).html, text: rendered.text };
  };

  return {
    kind,

    async prepare(batch) {
      const [posts, users, stored] = await Promise.all([
        postsOfDiscussions(
          db,
          batch.map(({ value }) => value.discussion_id),
        ),
        userIds(
          db,
          batch.map(({ value }) => value.user_id),
        ),
        storedComments(
          db,
          batch.map(({ value }) => value.externalId),
        ),
      ]);
      const known = batch.filter(({ value }) => stored.has(value.externalId));
      const parents = await placesOfComments(
        db,
        known.flatMap(({ value }) => value.parent_id ?? []),
      );
      const fresh: Located<Omit<ReadyComment, 'rendered'>>[] = [];
      for (const record of batch) {
        const { value } = record;
        const postId = posts.get(value.discussion_id);
        const authorId = users.get(value.user_id);
        if (postId === undefined) {
          report.reject(kind, record, `discussion_id: "${value.discussion_id}" is no discussion here`);
        } else if (postId === null) {
          report.skip(kind, 1);
        } else if (authorId === undefined) {
          report.reject(kind, record, `user_id: "${value.user_id}" is no user here`);
        } else {
          const source = sourceOf(value, authorId);
          const before = stored.get(value.externalId);
          const parentId = value.parent_id == null ? null : parents.get(value.parent_id)?.id;
          if (before !== undefined && before.postId !== postId) {
            report.reject(
              kind,
              record,
              'discussion_id: the comment is here under another post and stays there',
            );
          } else if (before !== undefined && before.parentId !== parentId) {
            report.reject(kind, record, 'parent_id: the comment is here in another place and stays there');
          } else if (before !== undefined && agrees(before, source, COMMENT_SOURCE)) {
            report.leave(kind, 1);
          } else {
            fresh.push({ ...record, value: { comment: value, postId, source } });
          }
        }
      }
      return renderEach(report, kind, fresh, async (value) => ({
        ...value,
        rendered: await render(value.comment),
      }));
    },

    async write(batch) {
      const { written, placed, waiting, foreign } = await inTurn(db, async (tx) => {
        const stored = await placesOfComments(
          tx,
          batch.flatMap(({ value: { comment } }) => [comment.externalId, comment.parent_id ?? []].flat()),
        );
        const places = placeAll(batch, stored);
        const { rows, newParents, oldParents } = rowsOf(places.placed, stored);
        const upserted = await upsertComments(
          tx,
          rows.map((row) => ({ ...row, replyCount: newParents.get(row.id) ?? 0 })),
        );
        const added = new Set(upserted.filter((row) => row.added).map((row) => row.externalId));
        if (added.size > 0) {
          await countComments(
            tx,
            rows.filter((row) => added.has(row.externalId)).map((row) => row.postId),
          );
        }
        if (oldParents.length > 0) await countReplies(tx, oldParents);
        return { ...places, written: upserted };
      });
      report.count(kind, placed.length, written);
      for (const record of foreign) {
        report.reject(
          kind,
          record,
          `parent_id: "${record.value.comment.parent_id ?? ''}" is a comment on another post`,
        );
      }
      for (const { value, ...record } of waiting) await park({ ...record, value: value.comment });
    },
  };
}

interface Placed extends Located<ReadyComment> {
  readonly parent: Place | undefined;
}

/** Finds each comment its place: among those that are here, or that come in the same batch, before it or after it. */
function placeAll(batch: readonly Located<ReadyComment>[], stored: ReadonlyMap<string, Place>) {
  const places = new Map(stored);
  const placed: Placed[] = [];
  const foreign: Located<ReadyComment>[] = [];
  let open = batch;
  for (;;) {
    const waiting: Located<ReadyComment>[] = [];
    for (const record of open) {
      const { comment, postId } = record.value;
      const parent = comment.parent_id == null ? undefined : places.get(comment.parent_id);
      if (comment.parent_id != null && parent === undefined) waiting.push(record);
      else if (parent !== undefined && parent.postId !== postId) foreign.push(record);
      else {
        placed.push({ ...record, parent });
        const depth = parent === undefined ? 0 : parent.depth + 1;
        if (!places.has(comment.externalId)) {
          places.set(comment.externalId, { id: comment.rowId, postId, depth });
        }
      }
    }
    if (waiting.length === 0 || waiting.length === open.length) return { placed, foreign, waiting };
    open = waiting;
  }
}

/**
 * The rows to write, and whose replies the new ones are. Parents that are new as well are written with their count:
 * counting afterwards wrote most of the real comments twice, 2.2 s in PostgreSQL beside the 6 s of adding them.
 */
function rowsOf(placed: readonly Placed[], stored: ReadonlyMap<string, Place>) {
  const newIds = new Set<string>();
  for (const { value } of placed) {
    if (!stored.has(value.comment.externalId)) newIds.add(value.comment.rowId);
  }
  const newParents = new Map<string, number>();
  const oldParents: string[] = [];
  const rows = placed.map(({ parent, value: { comment, postId, source, rendered } }) => {
    if (parent !== undefined && newIds.has(comment.rowId)) {
      if (newIds.has(parent.id)) newParents.set(parent.id, (newParents.get(parent.id) ?? 0) + 1);
      else oldParents.push(parent.id);
    }
    return {
      id: comment.rowId,
      externalId: comment.externalId,
      postId,
      parentId: parent?.id ?? null,
      depth: parent === undefined ? 0 : parent.depth + 1,
      ...source,
      bodyFormat: 'TEXT' as const,
      bodyHtml: rendered.html,
      bodyText: rendered.text,
      rendererVersion: RENDERER_VERSION,
    };
  });
  return { rows, newParents, oldParents };
}
