import { v7 } from 'uuid';
import { extentOf } from '../../auth/actions.js';
import type { Caller } from '../../changes/caller.js';
import type { Change, Changes } from '../../changes/change.js';
import { collectProblems, noSuch, refusal } from '../../changes/refusal.js';
import type { Database } from '../../db/client.js';
import type { EventPayloads } from '../../events/catalogue.js';
import { topicOf } from '../../events/topics.js';
import { RENDERER_VERSION } from '../../render/body.js';
import type { BodyRenderer } from '../../render/pool.js';
import { mayReadPost } from '../posts/public.js';
import { isListed, seenComment, sightOf } from './policy.js';
import type { CommentRow } from './repo/reading.js';
import { type CommentWriting, createCommentWriting } from './repo/writing.js';

const NO_POST = noSuch('post');
const NO_COMMENT = noSuch('comment');
const NO_PARENT = 'There is no comment with this id on this post.';
const NOT_OPEN = 'This post takes no comments.';
const NOT_PUBLISHED = 'The post is not published: there is nobody to read a comment.';

type CommentEvent = 'added' | 'edited' | 'deleted' | 'stateSet' | 'placeChanged';

/** Whether a comment is in the moderators' queue, as `waiting` in repo/reading.ts says. */
const waits = ({ state, reportCount }: CommentRow): boolean => state === 'PENDING' || reportCount > 0;

/**
 * What happened to a comment, for its topic; for that of its reactions, when it may be out of sight now; and for the
 * moderators', when it waits for them, or did.
 */
function emit(change: Change, kind: CommentEvent, comment: CommentRow, before: CommentRow | null): void {
  const payload = factsOf(comment, before);
  const toModerate = waits(comment) || (before !== null && waits(before));
  const topics = [
    topicOf.comments(comment.postId),
    ...(before !== null && before.state !== comment.state ? [topicOf.reactions(comment.id)] : []),
    ...(toModerate ? [topicOf.moderation()] : []),
  ];
  for (const topic of topics) change.emit({ topic, type: `comment.${kind}`, payload });
}

const factsOf = (
  { id, postId, parentId, authorId, state, version, replyCount }: CommentRow,
  before: CommentRow | null,
): EventPayloads['comment.added'] => ({
  commentId: id,
  postId,
  parentId,
  authorId,
  state,
  previousState: before?.state ?? null,
  version,
  listed: isListed({ state, replyCount }),
  previouslyListed: before !== null && isListed(before),
});

/** Within a transaction: the comment a viewer wants to change, if they see it, or have deleted it themself. */
async function toChange(change: Change, writing: CommentWriting, id: string) {
  const [found] = await writing.toChange(id, change.viewer.userId);
  const isOwn = found !== undefined && found.comment.authorId === change.viewer.userId;
  const readable = found !== undefined && mayReadPost(change.viewer, found);
  const seen =
    found &&
    (seenComment(sightOf(change.viewer), found.comment) ??
      (isOwn && found.comment.state === 'DELETED' ? found.comment : null));
  if (!readable || seen == null) throw refusal('NOT_FOUND', NO_COMMENT, 'id');
  const { comment, commentPolicy } = found;
  return { comment, commentPolicy, subject: { type: 'Comment', id, isOwn, userId: comment.authorId } };
}

/**
 * Counts what a change of one comment means for those above it: its post, and the replies of its parent. Where an empty
 * place loses its last reply it goes itself, and so on upwards; where it gets one again it comes back.
 */
async function recount(change: Change, writing: CommentWriting, before: CommentRow, after: CommentRow) {
  const seen = Number(after.state === 'VISIBLE') - Number(before.state === 'VISIBLE');
  let difference = Number(isListed(after)) - Number(isListed(before));
  for (let parentId = after.parentId; difference !== 0 && parentId !== null;) {
    const step = difference > 0 ? 1 : -1;
    const [parent] = await writing.countReply(parentId, step);
    if (parent === undefined) break;
    const parentBefore = { ...parent, replyCount: parent.replyCount - step };
    difference = Number(isListed(parent)) - Number(isListed(parentBefore));
    if (difference !== 0) emit(change, 'placeChanged', parent, parentBefore);
    parentId = parent.parentId;
  }
  if (seen !== 0) await writing.countComment(after.postId, seen > 0 ? 1 : -1);
}

const expectOne = ([row]: readonly CommentRow[]): CommentRow => {
  if (row === undefined) throw new Error('A comment that was held has gone.');
  return row;
};

export type CommentService = ReturnType<typeof createCommentService>;

/** What can be done with comments. */
export function createCommentService(db: Database, changes: Changes, renderer: BodyRenderer) {
  return {
    /** Comments on a post, or answers a comment. */
    async add(
      caller: Caller,
      { postId, parentId, body }: { postId: string; parentId: string | null; body: string },
    ): Promise<CommentRow> {
      const rendered = await renderer.render(body, 'MARKDOWN');
      return changes.run(caller, async (change) => {
        const { viewer } = change;
        if (viewer.userId === null) throw refusal('FORBIDDEN', 'Sign in to comment.');
        const writing = createCommentWriting(change.tx);
        const [answered] = parentId === null ? [] : await writing.parentToAnswer(parentId, viewer.userId);
        const parent = answered?.parent.postId === postId ? answered.parent : undefined;
        const [post] =
          parent === undefined ? await writing.postToCommentOn(postId, viewer.userId) : [answered];

        const problems = collectProblems();
        if (post === undefined || !mayReadPost(viewer, post)) problems.add('NOT_FOUND', NO_POST, 'postId');
        else if (post.status !== 'PUBLISHED') problems.add('CONFLICT', NOT_PUBLISHED, 'postId');
        else if (post.commentPolicy === 'CLOSED') problems.add('CONFLICT', NOT_OPEN, 'postId');
        if (parentId !== null) {
          const seen = parent && seenComment(sightOf(viewer), parent);
          if (!seen) problems.add('NOT_FOUND', NO_PARENT, 'parentId');
          else if (seen.state !== 'VISIBLE') {
            problems.add('CONFLICT', 'This comment can not be answered: readers do not see it.', 'parentId');
          }
        }
        problems.refuse();
        if (post === undefined) throw new Error('A post that is missing was not refused.');

        const id = v7();
        change.authorise('COMMENT_ADD', { type: 'Comment', id, isOwn: true });
        const isHeldBack =
          post.commentPolicy === 'PRE_MODERATED' && extentOf(viewer, 'COMMENT_MODERATE') !== 'any';
        const comment = await writing.add({
          id,
          postId,
          parentId,
          depth: parent === undefined ? 0 : parent.depth + 1,
          authorId: viewer.userId,
          state: isHeldBack ? 'PENDING' : 'VISIBLE',
          language: post.language,
          body,
          rendered,
          rendererVersion: RENDERER_VERSION,
        });
        emit(change, 'added', comment, null);
        return comment;
      });
    },

    /** Changes what a comment says. */
    async edit(
      caller: Caller,
      { id, expectedVersion, body }: { id: string; expectedVersion: number; body: string },
    ): Promise<CommentRow> {
      const [format] = await createCommentWriting(db).formatOf(id);
      const rendered = await renderer.render(body, format?.bodyFormat ?? 'MARKDOWN');
      return changes.run(caller, async (change) => {
        const writing = createCommentWriting(change.tx);
        const { comment, commentPolicy, subject } = await toChange(change, writing, id);
        change.authorise('COMMENT_EDIT', subject);
        if (comment.state === 'DELETED') throw refusal('CONFLICT', 'This comment was deleted.', 'id');
        if (comment.version !== expectedVersion) {
          const message = `The comment has version ${comment.version} by now. Read it again, and change that.`;
          throw refusal('CONFLICT', message, 'expectedVersion');
        }
        const isHeldBack =
          commentPolicy === 'PRE_MODERATED' && extentOf(change.viewer, 'COMMENT_MODERATE') !== 'any';
        const state = isHeldBack ? 'PENDING' : comment.state;
        const edited = expectOne(await writing.edit(id, state, body, rendered, RENDERER_VERSION));
        await recount(change, writing, comment, edited);
        emit(change, 'edited', edited, comment);
        return edited;
      });
    },

    /** Deletes a comment. One that is deleted already stays as it is. */
    delete: (caller: Caller, { id }: { id: string }): Promise<CommentRow> =>
      changes.run(caller, async (change) => {
        const writing = createCommentWriting(change.tx);
        const { comment, subject } = await toChange(change, writing, id);
        change.authorise(subject.isOwn ? 'COMMENT_DELETE' : 'COMMENT_MODERATE', subject);
        if (comment.state === 'DELETED') return comment;
        const deleted = expectOne(await writing.empty(id));
        if (comment.reportCount > 0) await writing.resolveReports(id);
        await recount(change, writing, comment, deleted);
        emit(change, 'deleted', deleted, comment);
        return deleted;
      }),

    /** A moderator's decision, which also answers all reports. */
    setState: (
      caller: Caller,
      { id, state, reason }: { id: string; state: 'VISIBLE' | 'PENDING' | 'HIDDEN'; reason: string },
    ): Promise<CommentRow> =>
      changes.run(caller, async (change) => {
        const writing = createCommentWriting(change.tx);
        const { comment, subject } = await toChange(change, writing, id);
        const details = { from: comment.state, to: state, reason };
        change.authorise('COMMENT_MODERATE', subject, details);
        if (comment.state === 'DELETED') throw refusal('CONFLICT', 'This comment was deleted.', 'id');
        if (comment.state === state && comment.reportCount === 0) return comment;
        const decided = expectOne(await writing.setState(id, state));
        if (comment.reportCount > 0) await writing.resolveReports(id);
        await recount(change, writing, comment, decided);
        emit(change, 'stateSet', decided, comment);
        return decided;
      }),

    /** Tells the moderators about a comment, once for each viewer. */
    report: (caller: Caller, { id, reason }: { id: string; reason: string }): Promise<CommentRow> =>
      changes.run(caller, async (change) => {
        const { viewer } = change;
        const writing = createCommentWriting(change.tx);
        const { comment, subject } = await toChange(change, writing, id);
        change.authorise('COMMENT_REPORT', subject);
        if (viewer.userId === null) throw refusal('FORBIDDEN', 'Sign in to report a comment.');
        if (comment.state === 'DELETED') throw refusal('CONFLICT', 'This comment was deleted.', 'id');
        const [reported] = await writing.report(id, viewer.userId, reason);
        if (reported === undefined) return comment;
        const payload = { ...factsOf(reported, comment), reporterId: viewer.userId };
        change.emit({ topic: topicOf.moderation(), type: 'comment.reported', payload });
        return reported;
      }),
  };
}
