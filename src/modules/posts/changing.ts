import type { Change, Subject } from '../../changes/change.js';
import { noSuch, refusal } from '../../changes/refusal.js';
import type { PostFacts, PostListing } from '../../events/catalogue.js';
import { topicOf } from '../../events/topics.js';
import { formatMoment } from '../../lib/time.js';
import type { BodyFormat } from '../../render/body.js';
import { mayReadPost } from './policy.js';
import type { PostRow } from './repo/reading.js';
import { createPostWriting, type PostWriting } from './repo/writing.js';

/** A post that is held until the end of the transaction. */
export interface HeldPost {
  readonly post: PostRow;
  readonly bodyFormat: BodyFormat;
  /** Whether readers know it, or knew it once. */
  readonly wasPublished: boolean;
  readonly subject: Subject;
}

/**
 * Within a transaction: the post a viewer wants to change.
 *
 * @throws Refusal NOT_FOUND for one that the viewer may not read.
 */
export const toChange = async (
  change: Change,
  writing: PostWriting,
  id: string,
  field = 'id',
): Promise<HeldPost> => seen(change, await writing.toChange(id, change.viewer.userId), id, field);

/** The same without holding it yet, for who has more to hold before. */
export const toConsider = async (change: Change, writing: PostWriting, id: string): Promise<HeldPost> =>
  seen(change, await writing.toConsider(id, change.viewer.userId), id, 'id');

function seen(
  { viewer }: Change,
  [found]: Awaited<ReturnType<PostWriting['toChange']>>,
  id: string,
  field: string,
): HeldPost {
  if (found === undefined || !mayReadPost(viewer, { ...found.post, isOwn: found.isOwn })) {
    throw refusal('NOT_FOUND', noSuch('post'), field);
  }
  const { post, bodyFormat, isOwn, firstAuthorId, firstPublishedAt } = found;
  const wasPublished = firstPublishedAt !== null;
  return { post, bodyFormat, wasPublished, subject: { type: 'Post', id, isOwn, userId: firstAuthorId } };
}

/** A post that was changed, or that is about to be deleted. */
export interface ChangedPost {
  readonly postId: string;
  /** What was different about it before the change; null: it did not exist. */
  readonly before: Partial<PostListing> | null;
}

/** Of a post before a change: all that its row says for lists. */
export const listingOf = ({ status, language, publishedAt }: PostRow): Partial<PostListing> => ({
  status,
  language,
  publishedAt: momentOf(publishedAt),
});

const momentOf = (moment: Date | null): string | null => (moment === null ? null : formatMoment(moment));

/** What events say of posts: one statement for all of them. */
export async function factsOf(
  { tx }: Change,
  changed: readonly ChangedPost[],
): Promise<readonly PostFacts[]> {
  const rows = await createPostWriting(tx).factsOf(changed.map(({ postId }) => postId));
  const before = new Map(changed.map((post) => [post.postId, post.before]));
  return rows.map(({ status, authors, tags, language, hasCoverage, publishedAt, ...row }) => {
    const listing = { status, authors, tags, language, hasCoverage, publishedAt: momentOf(publishedAt) };
    const difference = before.get(row.postId) ?? null;
    return { ...row, ...listing, previous: difference && { ...listing, ...difference } };
  });
}

/**
 * The topics that hear of a post: its own; that of the published ones when it is or was one of them; and when its readers
 * lose it, those of what they read below it.
 */
export function topicsOf({ postId, status, previous }: PostFacts, isDeleted = false): readonly string[] {
  const isPublished = status === 'PUBLISHED';
  const wasPublished = previous?.status === 'PUBLISHED';
  const isLost = isDeleted || (wasPublished && !isPublished);
  return [
    topicOf.post(postId),
    ...(isPublished || wasPublished ? [topicOf.posts()] : []),
    ...(isLost ? [topicOf.comments(postId), topicOf.coverage(postId), topicOf.reactions(postId)] : []),
  ];
}

/** What can happen to a post, beside its comment policy. */
type PostEvent =
  | 'created'
  | 'updated'
  | 'scheduled'
  | 'published'
  | 'unpublished'
  | 'archived'
  | 'deleted'
  | 'coverageChanged';

/** Tells the topics of posts what happened to them. The posts are held, and there: what is to be deleted is told first. */
export async function emit(
  change: Change,
  kind: PostEvent,
  ...changed: readonly ChangedPost[]
): Promise<void> {
  if (changed.length === 0) return;
  for (const payload of await factsOf(change, changed)) {
    for (const topic of topicsOf(payload, kind === 'deleted')) {
      change.emit({ topic, type: `post.${kind}`, payload });
    }
  }
}
