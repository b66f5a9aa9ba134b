import type { Database } from '../../src/db/client.js';
import { createAuditRepo } from '../../src/modules/audit/repo.js';
import { createBookmarkRepo } from '../../src/modules/bookmarks/repo.js';
import { createFollowRepo } from '../../src/modules/follows/repo/reading.js';
import { createFollowWriting } from '../../src/modules/follows/repo/writing.js';

const SOMEBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Runs every statement on follows, bookmarks and the audit log once.
 *
 * @param db the demo publication.
 */
export async function runKeepingStatements(db: Database): Promise<void> {
  const page = { limit: 20, backward: false, after: [Date.now(), SOMEBODY] } as const;
  const [posts, users, tags] = await Promise.all(
    ['posts', 'users', 'tags'].map((table) => db.execute<{ id: string }>(`select id from ${table} limit 2`)),
  );
  const [follower, user] = users ?? [];
  const postId = posts?.[0]?.id ?? '';
  const followerId = follower?.id ?? '';

  const reading = createFollowRepo(db);
  for (const kind of ['users', 'tags'] as const) {
    await reading.among(kind, followerId, [SOMEBODY]);
    await reading.pages(kind, [followerId], page);
    await reading.counts(kind, [followerId]);
  }
  await reading.feeds([followerId], page);
  await reading.countFeeds([followerId]);

  const writing = createFollowWriting(db);
  await writing.hold(followerId);
  for (const subject of [
    { type: 'User', uuid: user?.id ?? '' },
    { type: 'Tag', uuid: tags?.[0]?.id ?? '' },
  ] as const) {
    await writing.standing(followerId, subject);
    await writing.add(followerId, subject);
    await writing.remove(followerId, subject);
  }

  const bookmarks = createBookmarkRepo(db);
  await bookmarks.postToKeep(postId, followerId);
  await bookmarks.add(followerId, postId);
  await bookmarks.among(followerId, [postId]);
  await bookmarks.byUsers([followerId], page);
  await bookmarks.countByUsers([followerId]);
  await bookmarks.remove(followerId, postId);

  const audit = createAuditRepo(db);
  await audit.list({ userId: followerId }, page);
  await audit.count({ userId: followerId });
}
