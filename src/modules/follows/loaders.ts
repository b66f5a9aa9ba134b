import type { Viewer } from '../../auth/viewer.js';
import type { Database } from '../../db/client.js';
import { createPageLoader } from '../../events/pages.js';
import { indexBy } from '../../lib/grouping.js';
import { createCountLoader, createRowLoader, primeById, type RowLoader } from '../../lib/loading.js';
import type { PostRow } from '../posts/public.js';
import { createFollowRepo, type FollowedKind } from './repo/reading.js';

/** Somebody or something that is followed, and since when. */
export type Followed<Row> = Row & { readonly followedAt: Date };

/** What the follows of one request lead to. */
interface Sources<User, Tag> {
  readonly users: RowLoader<User>;
  readonly tags: RowLoader<Tag>;
  readonly posts: RowLoader<PostRow>;
}

/** The follows of one request, and the posts that they lead to. */
export function createFollowLoaders<User, Tag>(
  db: Database,
  { userId }: Viewer,
  { users, tags, posts }: Sources<User, Tag>,
) {
  const repo = createFollowRepo(db);
  const viewerFollows = (kind: FollowedKind) => {
    const loader = createRowLoader('follows.among', async (ids) =>
      userId === null
        ? new Map<string, { id: string }>()
        : indexBy(await repo.among(kind, userId, ids), (subject) => subject.id),
    );
    return async (id: string): Promise<boolean> => (await loader.load(id)) !== null;
  };
  const listOf = <Row>(kind: FollowedKind, subjects: RowLoader<Row>) => ({
    viewerFollows: viewerFollows(kind),
    page: createPageLoader('follows.page', db, async (reader, followerIds, request) => {
      const follows = await createFollowRepo(reader).pages(kind, followerIds, request);
      const rows = await Promise.all(follows.map(({ subjectId }) => subjects.load(subjectId)));
      return follows.flatMap(({ listParentId, followedAt }, place) => {
        const row = rows[place];
        return row == null ? [] : [{ ...row, listParentId, followedAt }];
      });
    }),
    count: createCountLoader('follows.count', (followerIds) => repo.counts(kind, followerIds)),
  });

  return {
    users: listOf('users', users),
    tags: listOf('tags', tags),
    feed: createPageLoader('follows.feed', db, async (reader, followerIds, request) => {
      const rows = await createFollowRepo(reader).feeds(followerIds, request);
      // Listed posts are for everybody.
      primeById(posts, rows);
      return rows;
    }),
    countFeed: createCountLoader('follows.countFeed', repo.countFeeds),
  };
}
