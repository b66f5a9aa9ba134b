import { extentOf } from '../../auth/actions.js';
import type { Viewer } from '../../auth/viewer.js';
import { noSuch } from '../../changes/refusal.js';
import type { LoggedEvent, PostFacts, PostListing } from '../../events/catalogue.js';
import { topicOf } from '../../events/topics.js';
import { decodeId } from '../../graphql/globalIds.js';
import { DomainError } from '../../lib/errors.js';
import type { RowLoader } from '../../lib/loading.js';
import { changeOf, type EventSource } from '../../live/source.js';
import { mayReadPost } from './policy.js';
import type { PostListFilter } from './repo/listing.js';
import type { PostRow } from './repo/reading.js';

/** What it takes to read a post as a viewer. */
interface PostReader {
  readonly viewer: Viewer;
  readonly loaders: { readonly posts: { readonly byId: RowLoader<PostRow> } };
}

/** Whether posts that are not public are for a viewer when they are their own. */
export const mayKeepPost = (viewer: Viewer): boolean => extentOf(viewer, 'POST_READ_UNPUBLISHED') === 'own';

const noPost = (): DomainError => new DomainError('NOT_FOUND', noSuch('post'));

/** The post that an id stands for. @throws DomainError NOT_FOUND for an id of something else. */
export function postIdOf(id: string): string {
  const decoded = decodeId(id);
  if (decoded?.type !== 'Post') throw noPost();
  return decoded.uuid;
}

/**
 * Makes sure that the viewer may read a post.
 *
 * @returns whether everybody of the viewer's class may, or only this one as its author.
 * @throws DomainError NOT_FOUND
 */
export async function authorisePost(postId: string, { loaders, viewer }: PostReader): Promise<boolean> {
  const post = await loaders.posts.byId.load(postId);
  if (post === null) throw noPost();
  return post.status === 'PUBLISHED' || extentOf(viewer, 'POST_READ_UNPUBLISHED') === 'any';
}

/** What an event says of the post itself; undefined for an event about something else. */
const postFactsOf = ({ payload }: LoggedEvent): PostFacts | undefined =>
  'authorIds' in payload ? payload : undefined;

const ownedBy = ({ authorIds }: PostFacts, { userId }: Viewer): boolean =>
  userId !== null && authorIds.includes(userId);

/** Whether an event takes a post from a viewer who listens to something on it. */
export function takesPostFrom(viewer: Viewer, event: LoggedEvent): boolean {
  const facts = postFactsOf(event);
  if (facts === undefined) return false;
  return event.type === 'post.deleted' || !mayReadPost(viewer, { ...facts, isOwn: ownedBy(facts, viewer) });
}

/** The users to whom an event about a post that is not public is another thing than to others of their class. */
export function authorsConcernedBy(event: LoggedEvent): readonly string[] {
  const facts = postFactsOf(event);
  const isPublic = facts?.status === 'PUBLISHED' && facts.previous?.status === 'PUBLISHED';
  return facts === undefined || isPublic ? [] : facts.authorIds;
}

/** Whether a post is one of those that a filter asks for; `matches` in repo/reading.ts says the same in SQL. */
function fits(filter: PostListFilter, post: PostListing): boolean {
  const { tag, author, language, hasCoverage, publishedAfter, publishedBefore } = filter;
  const publishedAt = new Date(post.publishedAt ?? NaN);
  return (
    post.status === 'PUBLISHED' &&
    (tag == null || post.tags.includes(tag)) &&
    (author == null || post.authors.includes(author)) &&
    (language == null || post.language === language) &&
    (hasCoverage == null || post.hasCoverage === hasCoverage) &&
    (publishedAfter == null || publishedAt >= publishedAfter) &&
    (publishedBefore == null || publishedAt < publishedBefore)
  );
}

/** The post of an event, for the viewer of a context. */
const find = async ({ payload }: LoggedEvent, { loaders }: PostReader): Promise<object | null> =>
  'postId' in payload ? loaders.posts.byId.load(payload.postId) : null;

/** The posts that readers find, as far as a filter asks for them. */
export const publishedPosts = (filter: PostListFilter): EventSource => ({
  kind: 'events',
  topic: topicOf.posts(),
  readersOf: null,
  authorise: async () => true,
  hear(event) {
    const facts = postFactsOf(event);
    if (facts === undefined) return null;
    const { previous } = facts;
    return changeOf(
      previous !== null && fits(filter, previous),
      event.type !== 'post.deleted' && fits(filter, facts),
    );
  },
  concerns: () => [],
  find,
  mayKeep: (_, viewer) => mayKeepPost(viewer),
});

/** One post. Whoever may not read it any more hears that it is gone, and hears of it again when it comes back. */
export const onePost = (postId: string, reader: PostReader): EventSource => ({
  kind: 'events',
  topic: topicOf.post(postId),
  readersOf: postId,
  authorise: () => authorisePost(postId, reader),
  hear(event, viewer) {
    const facts = postFactsOf(event);
    if (facts === undefined) return null;
    const { previous } = facts;
    const isOwn = ownedBy(facts, viewer);
    return changeOf(
      previous !== null && mayReadPost(viewer, { ...previous, isOwn }),
      event.type !== 'post.deleted' && mayReadPost(viewer, { ...facts, isOwn }),
    );
  },
  concerns: authorsConcernedBy,
  find,
  mayKeep: (_, viewer) => mayKeepPost(viewer),
});
