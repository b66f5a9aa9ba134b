import { v7 } from 'uuid';
import type { Database } from '../../src/db/client.js';
import { createPostRepo } from '../../src/modules/posts/repo/reading.js';
import { createRevisionRepo } from '../../src/modules/posts/repo/revisions.js';
import { createUnpublishedRepo } from '../../src/modules/posts/repo/unpublished.js';
import { createPostWriting } from '../../src/modules/posts/repo/writing.js';
import { claimTags } from '../../src/modules/tags/public.js';

/**
 * Runs every statement that writes posts once, and those that only authors and editors ask for.
 *
 * @param db the demo publication.
 */
export async function runPostStatements(db: Database): Promise<void> {
  const [user] = await db.execute<{ id: string }>('select id from users limit 1');
  const userId = user?.id ?? '';
  const id = v7();
  const written = {
    body: 'Text',
    bodyFormat: 'MARKDOWN',
    rendered: { html: '<p>Text</p>', text: 'Text' },
    rendererVersion: 1,
  } as const;
  const text = { slug: 'a-plan', title: 'A plan', summary: null, language: 'en' };

  const writing = createPostWriting(db);
  await writing.queueForSlug('a-plan');
  await writing.takenNumbers('a-plan');
  await writing.ownerOfSlug('a-plan');
  await writing.create(id, text, written);
  await writing.addAuthor(id, userId);
  await writing.addTags(id, await claimTags(db, new Map([['plans', 'Plans']])));
  await writing.toConsider(id, userId);
  await writing.toChange(id, userId);
  await writing.formatOf(id);
  await writing.contentOf(id);
  await writing.removeTags(id);
  await writing.edit(id, text, written);
  await writing.setCommentPolicy(id, 'CLOSED');
  await writing.setStatus(id, 'SCHEDULED', new Date());
  await writing.untilDue();
  await writing.publishDue(20);
  await writing.factsOf([id]);
  await createPostRepo(db).ofAuthor(userId, [id]);

  const revisions = createRevisionRepo(db);
  await revisions.keep(id, userId);
  await revisions.byPosts([id], { limit: 20, backward: false, after: [9, id] });
  await revisions.countByPosts([id]);
  await revisions.bodies([{ postId: id, version: 1 }]);
  await revisions.read(id, 1);

  const unpublished = createUnpublishedRepo(db);
  const page = { limit: 20, backward: false, after: [Date.now(), id] } as const;
  await unpublished.list({ userId, statuses: ['DRAFT'] }, page);
  await unpublished.count({ userId, statuses: ['DRAFT'] });

  await writing.holdComments(id);
  await writing.delete(id);
}
