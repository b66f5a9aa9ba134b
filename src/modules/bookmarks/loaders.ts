import type { Viewer } from '../../auth/viewer.js';
import type { Database } from '../../db/client.js';
import { createPageLoader } from '../../events/pages.js';
import { indexBy } from '../../lib/grouping.js';
import { createCountLoader, createRowLoader, primeById, type RowLoader } from '../../lib/loading.js';
import type { PostRow } from '../posts/public.js';
import { createBookmarkRepo } from './repo.js';

/** A post that somebody keeps, and since when. */
export type KeptPostRow = PostRow & { readonly keptAt: Date };

/** The bookmarks of one request. */
export function createBookmarkLoaders(db: Database, { userId }: Viewer, posts: RowLoader<PostRow>) {
  const repo = createBookmarkRepo(db);
  const ofViewer = createRowLoader('bookmarks.ofViewer', async (postIds) =>
    userId === null
      ? new Map<string, { id: string }>()
      : indexBy(await repo.among(userId, postIds), (post) => post.id),
  );
  return {
    /** Whether the viewer keeps a post. */
    viewerKeeps: async (postId: string): Promise<boolean> => (await ofViewer.load(postId)) !== null,
    byUser: createPageLoader('bookmarks.byUser', db, async (reader, userIds, request) => {
      const rows = await createBookmarkRepo(reader).byUsers(userIds, request);
      // Listed posts are for everybody.
      primeById(posts, rows);
      return rows;
    }),
    countByUser: createCountLoader('bookmarks.countByUser', repo.countByUsers),
  };
}
