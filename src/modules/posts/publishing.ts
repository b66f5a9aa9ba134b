import { ANONYMOUS } from '../../auth/viewer.js';
import type { Caller } from '../../changes/caller.js';
import type { Changes } from '../../changes/change.js';
import { collectProblems, type Problems } from '../../changes/refusal.js';
import { emit, listingOf, toChange } from './changing.js';
import type { PostRow } from './repo/reading.js';
import { createPostWriting } from './repo/writing.js';

const IS_PUBLISHED =
  'The post is published already. To give it another time, unpublish it first, then publish it again.';

/** Checks a time of publication against the time it is now. */
function checkMoment(problems: Problems, at: Date, now: Date): void {
  const latest = new Date(now);
  latest.setUTCFullYear(latest.getUTCFullYear() + 5);
  if (at > latest) problems.add('INVALID', 'Must not be more than five years ahead.', 'at');
  if (at.getTime() < 0) problems.add('INVALID', 'Must not be before the year 1970.', 'at');
}

/** When a post counts as published that is published without a time: one taken down before keeps its own. */
const timeOf = ({ status, publishedAt }: PostRow, now: Date): Date =>
  status === 'ARCHIVED' && publishedAt !== null && publishedAt <= now ? publishedAt : now;

/** Bringing posts to the readers, and taking them away. */
export const createPublishing = (changes: Changes) => ({
  /** Publishes a post, now or at a time. One that is published already stays as it is. */
  publish: (caller: Caller, { id, at }: { id: string; at: Date | null }): Promise<PostRow> =>
    changes.run(caller, async (change) => {
      const writing = createPostWriting(change.tx);
      const { post, subject } = await toChange(change, writing, id);
      change.authorise('POST_PUBLISH', subject, { from: post.status, at: at?.toISOString() ?? null });
      const now = new Date();
      const isPublished = post.status === 'PUBLISHED';
      const problems = collectProblems();
      if (at !== null) checkMoment(problems, at, now);
      if (at !== null && isPublished) problems.add('CONFLICT', IS_PUBLISHED, 'at');
      problems.refuse();
      if (isPublished) return post;
      const publishedAt = at ?? timeOf(post, now);
      const status = publishedAt > now ? 'SCHEDULED' : 'PUBLISHED';
      if (post.status === status && post.publishedAt?.getTime() === publishedAt.getTime()) return post;
      const published = await writing.setStatus(id, status, publishedAt);
      const kind = status === 'SCHEDULED' ? 'scheduled' : 'published';
      await emit(change, kind, { postId: id, before: listingOf(post) });
      return published;
    }),

  /** Makes a post a draft again. */
  unpublish: (caller: Caller, { id }: { id: string }): Promise<PostRow> =>
    changes.run(caller, async (change) => {
      const writing = createPostWriting(change.tx);
      const { post, subject } = await toChange(change, writing, id);
      change.authorise('POST_PUBLISH', subject, { from: post.status });
      if (post.status === 'DRAFT') return post;
      const unpublished = await writing.setStatus(id, 'DRAFT', null);
      await emit(change, 'unpublished', { postId: id, before: listingOf(post) });
      return unpublished;
    }),

  /** Takes a post down and keeps it. */
  archive: (caller: Caller, { id }: { id: string }): Promise<PostRow> =>
    changes.run(caller, async (change) => {
      const writing = createPostWriting(change.tx);
      const { post, subject } = await toChange(change, writing, id);
      change.authorise('POST_PUBLISH', subject, { from: post.status });
      if (post.status === 'ARCHIVED') return post;
      const archived = await writing.setStatus(id, 'ARCHIVED', post.publishedAt);
      await emit(change, 'archived', { postId: id, before: listingOf(post) });
      return archived;
    }),
});

/** Nobody asks for what was asked for when it was scheduled. */
const SCHEDULE: Caller = { viewer: ANONYMOUS, operation: 'schedule', address: null, requestId: null };

/**
 * Publishes scheduled posts whose time has come and that no other instance is publishing.
 *
 * @returns how many.
 */
export const publishDue = (changes: Changes, most: number): Promise<number> =>
  changes.run(SCHEDULE, async (change) => {
    const writing = createPostWriting(change.tx);
    const due = await writing.publishDue(most);
    const before = { status: 'SCHEDULED' } as const;
    await emit(change, 'published', ...due.map(({ id }) => ({ postId: id, before })));
    return due.length;
  });
