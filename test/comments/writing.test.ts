import { describe, expect, it } from 'vitest';
import { useDiscussion } from './discussion.js';

describe('writing comments', () => {
  const { publication, people, write, createPost, comment, look, typesOf } = useDiscussion();

  it('adds a comment and a reply, rendered, counted, and told to the topic', async () => {
    const { reader, other } = people();
    const post = await createPost();
    const { addComment } = await reader.query<{ addComment: unknown }>(
      `mutation ($input: AddCommentInput!) { addComment(input: $input) {
        comment { body bodyHtml state depth version editedAt author { username } parent { id } post { slug commentCount } } userErrors { code } } }`,
      { input: { postId: post.id, body: 'Hello *world* <script>alert(1)</script>' } },
    );
    expect(addComment).toEqual({
      comment: {
        body: 'Hello *world* <script>alert(1)</script>',
        bodyHtml: '<p>Hello <em>world</em> </p>\n',
        state: 'VISIBLE',
        depth: 0,
        version: 1,
        editedAt: null,
        author: { username: reader.username },
        parent: null,
        post: { slug: post.slug, commentCount: 1 },
      },
      userErrors: [],
    });
    const { nodes } = await look(reader, post.id);
    await comment(other, post.id, 'A reply', nodes[0]?.id ?? null);
    const after = await look(publication.app, post.id);
    expect(after.count).toBe(2);
    expect(after.nodes.map((node) => node.replyCount)).toEqual([1, 0]);
    expect(await typesOf(post.slug)).toEqual(['comment.added', 'comment.added']);
  });

  it('refuses, all at once and without a trace, what cannot be a comment', async () => {
    const { reader } = people();
    const post = await createPost();
    expect(
      await write(reader, 'addComment', { postId: 'nonsense', parentId: reader.id, body: '  ' }),
    ).toEqual({
      comment: null,
      userErrors: [
        { code: 'NOT_FOUND', field: ['input', 'postId'] },
        { code: 'NOT_FOUND', field: ['input', 'parentId'] },
        { code: 'INVALID', field: ['input', 'body'] },
      ],
    });
    expect(await write(reader, 'addComment', { postId: post.id, body: 'x'.repeat(20_001) })).toEqual({
      comment: null,
      userErrors: [{ code: 'TOO_LONG', field: ['input', 'body'] }],
    });
    expect(await look(reader, post.id)).toMatchObject({ count: 0, nodes: [] });
    expect(await typesOf(post.slug)).toEqual([]);
  });

  it('refuses a comment on a closed post, on one that is not there for the viewer, and under a parent of another post', async () => {
    const { reader } = people();
    const [open, another, closed, draft] = await Promise.all([
      createPost(),
      createPost(),
      createPost('CLOSED'),
      createPost('OPEN', 'DRAFT'),
    ]);
    const parent = await comment(reader, another.id);
    expect((await write(reader, 'addComment', { postId: closed.id, body: 'x' })).userErrors).toEqual([
      { code: 'CONFLICT', field: ['input', 'postId'] },
    ]);
    expect((await write(reader, 'addComment', { postId: draft.id, body: 'x' })).userErrors).toEqual([
      { code: 'NOT_FOUND', field: ['input', 'postId'] },
    ]);
    expect(
      (await write(reader, 'addComment', { postId: open.id, parentId: parent.id, body: 'x' })).userErrors,
    ).toEqual([{ code: 'NOT_FOUND', field: ['input', 'parentId'] }]);
    expect(
      (await write(reader, 'addComment', { postId: draft.id, parentId: parent.id, body: 'x' })).userErrors,
    ).toEqual([
      { code: 'NOT_FOUND', field: ['input', 'postId'] },
      { code: 'NOT_FOUND', field: ['input', 'parentId'] },
    ]);
  });

  it('is not for anonymous viewers', async () => {
    const post = await createPost();
    const { errors } = await publication.app.send(
      'mutation ($input: AddCommentInput!) { addComment(input: $input) { userErrors { code } } }',
      { input: { postId: post.id, body: 'x' } },
    );
    expect(errors?.map((error) => error.extensions.code)).toEqual(['UNAUTHENTICATED']);
  });

  it('edits a comment of one’s own, and nobody else’s', async () => {
    const { reader, other, moderator } = people();
    const post = await createPost();
    const { id } = await comment(reader, post.id, 'First');
    expect(await write(other, 'editComment', { id, expectedVersion: 1, body: 'Mine' })).toEqual({
      comment: null,
      userErrors: [{ code: 'FORBIDDEN', field: null }],
    });
    expect(await write(moderator, 'editComment', { id, expectedVersion: 1, body: 'Mine' })).toMatchObject({
      userErrors: [{ code: 'FORBIDDEN', field: null }],
    });
    expect(await write(reader, 'editComment', { id, expectedVersion: 1, body: 'Second' })).toEqual({
      comment: { id, body: 'Second', state: 'VISIBLE', version: 2 },
      userErrors: [],
    });
    expect(await write(reader, 'editComment', { id, expectedVersion: 1, body: 'Third' })).toEqual({
      comment: null,
      userErrors: [{ code: 'CONFLICT', field: ['input', 'expectedVersion'] }],
    });
    expect((await look(publication.app, post.id)).bodies).toEqual(['Second']);
  });

  it('lets one of 50 parallel edits of a version win', async () => {
    const { reader } = people();
    const post = await createPost();
    const { id } = await comment(reader, post.id);
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        write(reader, 'editComment', { id, expectedVersion: 1, body: `Edit ${n}` }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.comment !== null)).toHaveLength(1);
    expect(outcomes.flatMap((outcome) => outcome.userErrors.map((error) => error.code))).toEqual(
      Array.from({ length: 49 }, () => 'CONFLICT'),
    );
    expect(await typesOf(post.slug)).toEqual(['comment.added', 'comment.edited']);
  });

  it('deletes a comment for good, and a second time without an error', async () => {
    const { reader, other, moderator } = people();
    const post = await createPost();
    const { id } = await comment(reader, post.id, 'Regrettable words');
    expect((await write(other, 'deleteComment', { id })).userErrors).toEqual([
      { code: 'FORBIDDEN', field: null },
    ]);
    expect(await write(reader, 'deleteComment', { id })).toEqual({ comment: null, userErrors: [] });
    expect(await write(reader, 'deleteComment', { id })).toEqual({ comment: null, userErrors: [] });
    expect((await write(other, 'deleteComment', { id })).userErrors).toEqual([
      { code: 'NOT_FOUND', field: ['input', 'id'] },
    ]);
    expect(await look(moderator, post.id)).toMatchObject({ count: 0, nodes: [] });
    const traces = await publication.sql`
      select from comments where body || body_html || body_text || coalesce(source_html, '') like '%Regrettable%'`;
    expect(traces).toHaveLength(0);
    expect(await typesOf(post.slug)).toEqual(['comment.added', 'comment.deleted']);
  });

  it('keeps an empty place above replies, and lets it go with the last of them', async () => {
    const { reader, other, moderator } = people();
    const post = await createPost();
    const top = await comment(reader, post.id, 'Top');
    const middle = await comment(other, post.id, 'Middle', top.id);
    const leaf = await comment(reader, post.id, 'Leaf', middle.id);
    await write(other, 'deleteComment', { id: middle.id });
    await write(reader, 'deleteComment', { id: top.id });
    const places = await publication.app.query<{ nodes: unknown[] }>(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Comment { body bodyHtml state author { id } replyCount } } }',
      { ids: [top.id, middle.id] },
    );
    const place = { body: '', bodyHtml: '', state: 'DELETED', author: null, replyCount: 1 };
    expect(places.nodes).toEqual([place, place]);
    expect((await look(publication.app, post.id)).bodies).toEqual(['', '', 'Leaf']);
    expect(
      (await write(other, 'addComment', { postId: post.id, parentId: top.id, body: 'x' })).userErrors,
    ).toEqual([{ code: 'CONFLICT', field: ['input', 'parentId'] }]);

    await write(moderator, 'setCommentState', { id: leaf.id, state: 'HIDDEN' });
    expect(await look(publication.app, post.id)).toMatchObject({ count: 0, bodies: [] });
    expect((await typesOf(post.slug)).slice(-3)).toEqual([
      'comment.placeChanged',
      'comment.placeChanged',
      'comment.stateSet',
    ]);
    await write(moderator, 'setCommentState', { id: leaf.id, state: 'VISIBLE' });
    expect(await look(publication.app, post.id)).toMatchObject({ count: 1, bodies: ['', '', 'Leaf'] });
  });

  it('counts what there is after any number of parallel changes', async () => {
    const { reader, other, moderator } = people();
    const post = await createPost();
    const top = await comment(reader, post.id);
    const writers = [reader, other, moderator];
    await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        const who = writers[n % writers.length] ?? reader;
        const mine = await comment(who, post.id, `Reply ${n}`, top.id);
        if (n % 3 === 0) await write(who, 'deleteComment', { id: mine.id });
        if (n % 4 === 0)
          await write(moderator, 'setCommentState', { id: mine.id, state: 'HIDDEN' }).catch(() => null);
      }),
    );
    const [counted] = await publication.sql`
      select posts.comment_count, (select reply_count from comments where parent_id is null and post_id = posts.id) as replies,
        (select count(*)::int from comments where post_id = posts.id and state = 'VISIBLE') as visible
      from posts where slug = ${post.slug}`;
    expect(counted?.['comment_count']).toBe(counted?.['visible']);
    expect(counted?.['replies']).toBe(Number(counted?.['visible']) - 1);
  });
});
