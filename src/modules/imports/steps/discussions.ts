import type { z } from 'zod';
import type { ImportEnvironment, Step } from '../loading.js';
import type * as records from '../records.js';
import { postsOfDiscussions, upsertDiscussions } from '../repo/comments.js';
import { postIds } from '../repo/posts.js';
import { inTurn } from '../repo/upsert.js';

interface ImportedDiscussion extends z.output<typeof records.discussion> {
  readonly externalId: string;
}

/**
 * Discussions: which post their comments belong to. One without a post here is skipped, and so are its comments, until
 * it gets one. One that has a post keeps it: its comments, and the replies written here, are part of that page.
 */
export const discussionStep = (
  { db, report }: ImportEnvironment,
  kind: string,
): Step<ImportedDiscussion, ImportedDiscussion> => ({
  kind,
  prepare: (batch) => Promise.resolve(batch),
  async write(batch) {
    const { written, moved, attached, loose } = await inTurn(db, async (tx) => {
      const posts = await postIds(
        tx,
        batch.flatMap(({ value }) => value.suggested_post_id ?? []),
      );
      const stored = await postsOfDiscussions(
        tx,
        batch.map(({ value }) => value.externalId),
      );
      const places = batch.map((record) => ({
        record,
        before: stored.get(record.value.externalId) ?? null,
        postId: posts.get(record.value.suggested_post_id ?? '') ?? null,
      }));
      const staying = places.filter(({ before, postId }) => before === null || before === postId);
      return {
        written: await upsertDiscussions(
          tx,
          staying.map(({ record, postId }) => ({ externalId: record.value.externalId, postId })),
        ),
        moved: places.filter((place) => !staying.includes(place)),
        attached: new Set(
          staying.filter(({ postId }) => postId !== null).map(({ record }) => record.value.externalId),
        ),
        loose: staying.filter(({ postId }) => postId === null),
      };
    });
    report.count(
      kind,
      attached.size,
      written.filter((row) => attached.has(row.externalId)),
    );
    report.skip(kind, loose.length);
    for (const { record } of moved) {
      report.reject(
        kind,
        record,
        'suggested_post_id: the discussion is here under another post and stays there',
      );
    }
  },
});
