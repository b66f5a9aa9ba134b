import type { Change, Subject } from '../../changes/change.js';
import { noSuch, refusal } from '../../changes/refusal.js';
import type { PostFacts } from '../../events/catalogue.js';
import { topicOf } from '../../events/topics.js';
import type { BodyFormat } from '../../render/body.js';
import { mayReadPost } from './policy.js';
import type { PostRow } from './repo/reading.js';
import type { PostWriting } from './repo/writing.js';

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

/** A post right after a change, and what it was before; null: it did not exist. */
export interface ChangedPost {
  readonly post: PostRow;
  readonly previousStatus: PostRow['status'] | null;
}

/** What events say of posts, by id: one statement for all of them. */
export async function factsOf(
  writing: PostWriting,
  changed: readonly ChangedPost[],
): Promise<ReadonlyMap<string, PostFacts>> {
  const rows = await writing.factsOf(changed.map(({ post }) => post.id));
  const facts = new Map(rows.map((row) => [row.id, row]));
  return new Map(
    changed.map(({ post, previousStatus }) => {
      const around = facts.get(post.id);
      return [
        post.id,
        {
          postId: post.id,
          status: post.status,
          previousStatus,
          version: post.version,
          authorIds: around?.author_ids ?? [],
          authors: around?.authors ?? [],
          tags: around?.tags ?? [],
          language: post.language,
          hasCoverage: around?.has_coverage ?? false,
          publishedAt: post.publishedAt?.toISOString() ?? null,
        },
      ];
    }),
  );
}

/** The topics that hear of a post: its own, and that of the published ones when it is or was one of them. */
export const topicsOf = ({ postId, status, previousStatus }: PostFacts): readonly string[] => [
  topicOf.post(postId),
  ...(status === 'PUBLISHED' || previousStatus === 'PUBLISHED' ? [topicOf.posts()] : []),
];

/** What can happen to a post, beside its comment policy. */
type PostEvent = 'created' | 'updated' | 'scheduled' | 'published' | 'unpublished' | 'archived' | 'deleted';

/** Tells the topics of posts what happened to them. */
export async function emit(
  change: Change,
  writing: PostWriting,
  kind: PostEvent,
  ...changed: readonly ChangedPost[]
): Promise<void> {
  if (changed.length === 0) return;
  for (const payload of (await factsOf(writing, changed)).values()) {
    for (const topic of topicsOf(payload)) change.emit({ topic, type: `post.${kind}`, payload });
  }
}
