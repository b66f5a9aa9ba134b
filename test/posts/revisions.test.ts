import { beforeAll, describe, expect, it } from 'vitest';
import { uuidOf } from '../kit/ids.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { ask, done, eventsOf } from './changes.js';

describe('the versions of posts', () => {
  const publication = usePublication();
  let author: Person;
  let other: Person;
  let editor: Person;
  let moderator: Person;
  let reader: Person;
  beforeAll(async () => {
    [author, other, editor, moderator, reader] = await Promise.all([
      createPerson(publication, 'AUTHOR'),
      createPerson(publication, 'AUTHOR'),
      createPerson(publication, 'EDITOR'),
      createPerson(publication, 'MODERATOR'),
      createPerson(publication, 'READER'),
    ]);
  });
  const draft = (title: string, more: Record<string, unknown> = {}) =>
    done(author, 'createPost', { title, body: 'Some *text*.', ...more });

  describe('restoring', () => {
    it('brings the text of a version back as a new one, and leaves the slug', async () => {
      const { id } = await draft('First', { summary: 'One', tags: ['Nets'] });
      await done(author, 'updatePost', {
        id,
        expectedVersion: 1,
        title: 'Second',
        body: 'Two',
        summary: null,
        slug: 'second',
        tags: ['Ropes'],
      });
      const restored = await done(author, 'restorePostRevision', { id, version: 1, expectedVersion: 2 });
      expect(restored).toMatchObject({
        title: 'First',
        body: 'Some *text*.',
        bodyHtml: '<p>Some <em>text</em>.</p>\n',
        summary: 'One',
        slug: 'second',
        version: 3,
        tags: [{ name: 'Nets' }],
      });
      const same = await done(author, 'restorePostRevision', { id, version: 3, expectedVersion: 3 });
      expect(same.version).toBe(3);
    });

    it('refuses a version that is not there, and one that is not expected', async () => {
      const { id } = await draft('Not restored');
      expect(await ask(author, 'restorePostRevision', { id, version: 9, expectedVersion: 8 })).toEqual({
        post: null,
        userErrors: [
          {
            code: 'CONFLICT',
            field: ['input', 'expectedVersion'],
            message: 'The post has version 1 by now. Read it again, and change that.',
          },
          { code: 'NOT_FOUND', field: ['input', 'version'], message: 'The post has no version 9.' },
        ],
      });
    });
  });

  it('begin with what an import wrote, which has no editor', async () => {
    const {
      post: { id },
    } = await publication.app.query<{ post: { id: string } }>(
      '{ post(by: { slug: "boathouse-breakfast" }) { id } }',
    );
    const look = () =>
      editor.query<{ node: { version: number; title: string; revisions: { nodes: unknown[] } } }>(
        `query ($id: ID!) { node(id: $id) { ... on Post { version title
          revisions { nodes { version title editor { username } body } } } } }`,
        { id },
      );
    const { node } = await look();
    const imported = {
      version: node.version,
      title: node.title,
      editor: null,
      body: expect.any(String) as string,
    };
    expect(node.revisions.nodes).toEqual([imported]);
    await done(editor, 'updatePost', { id, expectedVersion: node.version, title: 'Edited here' });
    const after = await look();
    expect(after.node.revisions.nodes).toEqual([
      {
        ...imported,
        version: node.version + 1,
        title: 'Edited here',
        editor: { username: editor.username },
      },
      imported,
    ]);
    const [audit] = await publication.sql`
      select action, operation, user_id from audit_log where actor_id = ${editor.uuid} and subject_id = ${uuidOf(id)}`;
    expect(audit).toMatchObject({ action: 'POST_EDIT', operation: 'updatePost' });
    const events = await eventsOf(publication.sql, 'posts');
    expect(events.filter(({ payload }) => payload['postId'] === uuidOf(id))).toMatchObject([
      { type: 'post.updated', payload: { status: 'PUBLISHED', previous: { status: 'PUBLISHED' } } },
    ]);
  });

  it('page from both ends without a gap', async () => {
    const { id } = await draft('Paged 1');
    for (const version of [1, 2, 3, 4]) {
      // One after the other: each is made on the one before.
      await done(author, 'updatePost', { id, expectedVersion: version, title: `Paged ${version + 1}` });
    }
    interface Page {
      node: {
        revisions: {
          totalCount: number;
          nodes: { version: number }[];
          pageInfo: {
            endCursor: string;
            startCursor: string;
            hasNextPage: boolean;
            hasPreviousPage: boolean;
          };
        };
      };
    }
    const page = async (args: string) => {
      const { node } = await author.query<Page>(
        `query ($id: ID!) { node(id: $id) { ... on Post { revisions(${args}) { totalCount nodes { version }
          pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } } } }`,
        { id },
      );
      return { ...node.revisions, versions: node.revisions.nodes.map(({ version }) => version) };
    };
    const first = await page('first: 2');
    expect(first).toMatchObject({ versions: [5, 4], totalCount: 5, pageInfo: { hasNextPage: true } });
    const second = await page(`first: 2, after: "${first.pageInfo.endCursor}"`);
    expect(second).toMatchObject({ versions: [3, 2], pageInfo: { hasNextPage: true } });
    const last = await page('last: 2');
    expect(last).toMatchObject({ versions: [2, 1], pageInfo: { hasPreviousPage: true } });
    expect((await page(`last: 9, before: "${last.pageInfo.startCursor}"`)).versions).toEqual([5, 4, 3]);
  });

  it('are null for everybody but authors of the post and editors', async () => {
    const { id } = await draft('Seen by all');
    await done(author, 'publishPost', { id });
    const revisionsFor = async (who: { query: Person['query'] }) =>
      (
        await who.query<{ node: { revisions: unknown } }>(
          'query ($id: ID!) { node(id: $id) { ... on Post { revisions { totalCount } } } }',
          { id },
        )
      ).node.revisions;
    const answers = [publication.app, reader, moderator, other].map(revisionsFor);
    expect(await Promise.all(answers)).toEqual([null, null, null, null]);
    expect(await Promise.all([author, editor].map(revisionsFor))).toEqual([
      { totalCount: 1 },
      { totalCount: 1 },
    ]);
  });
});
