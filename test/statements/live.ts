import type { Database } from '../../src/db/client.js';
import { createCoverageRepo } from '../../src/modules/coverage/repo/reading.js';
import { createReplayingRepo } from '../../src/modules/coverage/repo/replaying.js';
import { createCoverageWriting } from '../../src/modules/coverage/repo/writing.js';
import { createReactionWriting } from '../../src/modules/reactions/repo/writing.js';

const NOBODY = '00000000-0000-0000-0000-000000000000';
const RENDERED = { html: '', text: '' };

/** Runs all statements of coverages and reactions that write, or that no operation of a reader runs. */
export const runLiveStatements = (db: Database): Promise<void> =>
  db.transaction(async (tx) => {
    const coverage = createCoverageWriting(tx);
    const [{ id: postId } = { id: NOBODY }] = await tx.execute<{ id: string }>(
      'select id from posts limit 1',
    );
    const [{ id: userId } = { id: NOBODY }] = await tx.execute<{ id: string }>(
      'select id from users limit 1',
    );
    await coverage.postToCover(postId, userId, 'key share');
    await coverage.start(NOBODY, postId);
    const [{ id: coverageId } = { id: NOBODY }] = await coverage.ofPost(postId);
    await coverage.countEntry(coverageId);
    const said = { speaker: null, isKey: true, kind: 'NOTE' } as const;
    const [entry] = await coverage.addEntry({
      ...said,
      id: NOBODY,
      coverageId,
      occurredAt: null,
      language: 'en',
      body: '',
      bodyFormat: 'MARKDOWN',
      rendered: RENDERED,
      rendererVersion: 1,
    });
    if (entry === undefined) throw new Error('An inserted entry was not answered.');
    await coverage.entryToChange(entry.id, userId);
    await coverage.formatOf(entry.id);
    const text = { body: '', rendered: RENDERED, rendererVersion: 1 };
    await coverage.correctEntry(entry.id, { ...said, isPinned: false, text });
    await coverage.retractEntry(entry, null);
    await coverage.end(postId);
    const replaying = createReplayingRepo(tx);
    await replaying.claim(postId);
    await replaying.source(postId);
    await replaying.entries(coverageId);
    await createCoverageRepo(tx, { retracted: true }).countEntries([coverageId], false);

    const reactions = createReactionWriting(tx);
    await reactions.post(postId, userId);
    await reactions.comment(NOBODY, userId);
    await reactions.entry(entry.id, userId);
    const reaction = { subject: { type: 'Post', uuid: postId }, userId, kind: 'LIKE' } as const;
    await reactions.add(reaction);
    await reactions.shown(postId, userId);
    await reactions.remove(reaction);
  });
