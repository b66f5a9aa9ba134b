import { expect, describe, it, onTestFinished } from 'vitest';
import { startTestApp } from '../kit/app.js';
import { createPerson } from '../kit/people.js';
import { post } from '../imports/records.js';
import { createWorkspace } from '../imports/workspace.js';
import { done } from './changes.js';

const REVISIONS = `query ($slug: String) { post(by: { slug: $slug }) {
  slug title version revisions { totalCount nodes { version title slug tags editor { username } } } } }`;

/** An instance over a database of the test's own, and an editor. */
async function createOffice() {
  const { url, sql, load } = await createWorkspace();
  const app = await startTestApp({ DATABASE_URL: url });
  onTestFinished(() => app.stop());
  return { load, editor: await createPerson({ app, sql }, 'EDITOR') };
}

describe('an import', () => {
  it.each(['unpublishPost', 'archivePost'])(
    'leaves a post alone that was taken down here by %s',
    async (take) => {
      const { load, editor } = await createOffice();
      await load({ 'posts.jsonl': [post('news')] });
      const { post: imported } = await editor.query<{ post: { id: string } }>(
        '{ post(by: { slug: "news" }) { id } }',
      );
      await done(editor, take, { id: imported.id });
      const look = () => editor.query('{ post(by: { slug: "news" }) { status title version } }');
      const before = await look();
      const { summary } = await load({ 'posts.jsonl': [post('news', { title: 'Said again' })] });
      expect(summary['posts']).toMatchObject({ changed: 0, unchanged: 1 });
      expect(await look()).toEqual(before);
    },
  );

  it('over a post that was edited here makes the next version, and leaves the slug', async () => {
    const { load, editor } = await createOffice();
    await load({ 'posts.jsonl': [post('news', { tags: ['Nets'] })] });
    const { post: imported } = await editor.query<{ post: { id: string } }>(
      '{ post(by: { slug: "news" }) { id } }',
    );
    await done(editor, 'updatePost', {
      id: imported.id,
      expectedVersion: 1,
      title: 'Edited here',
      slug: 'edited-here',
      tags: [],
    });
    const { summary, rejected } = await load({
      'posts.jsonl': [post('news', { title: 'Edited there', tags: ['Nets'] })],
    });
    expect(rejected).toEqual([]);
    expect(summary['posts']).toMatchObject({ changed: 1, added: 0 });
    const after = await editor.query(REVISIONS, { slug: 'news' });
    expect(after).toEqual({
      post: {
        slug: 'edited-here',
        title: 'Edited there',
        version: 3,
        revisions: {
          totalCount: 3,
          nodes: [
            { version: 3, title: 'Edited there', slug: 'edited-here', tags: ['Nets'], editor: null },
            {
              version: 2,
              title: 'Edited here',
              slug: 'edited-here',
              tags: [],
              editor: { username: editor.username },
            },
            { version: 1, title: 'Post news', slug: 'news', tags: ['Nets'], editor: null },
          ],
        },
      },
    });
    const restored = await done(editor, 'restorePostRevision', {
      id: imported.id,
      version: 2,
      expectedVersion: 3,
    });
    expect(restored).toMatchObject({ title: 'Edited here', version: 4, tags: [] });
  });

  it('never takes a former slug of another post', async () => {
    const { load, editor } = await createOffice();
    const { id } = await done(editor, 'createPost', { title: 'News', body: '' });
    await done(editor, 'updatePost', { id, expectedVersion: 1, slug: 'old-news' });
    await load({ 'posts.jsonl': [post('news')] });
    const { byFormer, imported } = await editor.query<Record<string, { slug: string }>>(`{
      byFormer: post(by: { slug: "news" }) { slug }
      imported: post(by: { externalId: "news" }) { slug } }`);
    expect({ byFormer, imported }).toEqual({ byFormer: { slug: 'old-news' }, imported: { slug: 'news-2' } });
  });
});
