import type { Caller } from '../../changes/caller.js';
import type { Change, Changes } from '../../changes/change.js';
import { noSuch, refusal } from '../../changes/refusal.js';
import { topicOf } from '../../events/topics.js';
import { mayReadPost } from '../posts/public.js';
import { createBookmarkRepo } from './repo.js';

const NO_POST = noSuch('post');
const NOT_PUBLISHED = 'The post is not published: only what is published can be kept for later.';

/** Within a transaction: whose bookmarks they are, and the statements on them. */
function open(change: Change, postId: string) {
  const { userId } = change.viewer;
  if (userId === null) throw refusal('FORBIDDEN', 'Sign in to keep posts for later.');
  change.authorise('BOOKMARK', { type: 'Post', id: postId, isOwn: true });
  return { userId, repo: createBookmarkRepo(change.tx) };
}

/** @throws Refusal NOT_FOUND for a post that the viewer may not read. */
async function readablePost({ viewer, tx }: Change, postId: string) {
  const [post] = await createBookmarkRepo(tx).postToKeep(postId, viewer.userId);
  if (post === undefined || !mayReadPost(viewer, post)) throw refusal('NOT_FOUND', NO_POST, 'postId');
  return post;
}

const emit = (change: Change, kind: 'added' | 'removed', userId: string, postId: string): void =>
  change.emit({ topic: topicOf.user(userId), type: `bookmark.${kind}`, payload: { userId, postId } });

export type BookmarkService = ReturnType<typeof createBookmarkService>;

/** Which posts somebody keeps for later. */
export const createBookmarkService = (changes: Changes) => ({
  /** Keeps a post for later. What is kept already stays as it is. @returns the post's id. */
  add: (caller: Caller, { postId }: { postId: string }): Promise<string> =>
    changes.run(caller, async (change) => {
      const { userId, repo } = open(change, postId);
      const { status } = await readablePost(change, postId);
      if (status !== 'PUBLISHED') throw refusal('CONFLICT', NOT_PUBLISHED, 'postId');
      const added = await repo.add(userId, postId);
      if (added.length > 0) emit(change, 'added', userId, postId);
      return postId;
    }),

  /** Keeps a post no longer, even one that has gone out of sight. @returns the post's id. */
  remove: (caller: Caller, { postId }: { postId: string }): Promise<string> =>
    changes.run(caller, async (change) => {
      const { userId, repo } = open(change, postId);
      const removed = await repo.remove(userId, postId);
      if (removed.length > 0) emit(change, 'removed', userId, postId);
      else await readablePost(change, postId);
      return postId;
    }),
});
