import { describe, expect, it } from 'vitest';
import { createClient } from '../kit/app.js';
import { createPerson, type Person } from '../kit/people.js';
import { useDiscussion } from './discussion.js';

describe('moderating comments', () => {
  const { publication, people, write, createPost, comment, look } = useDiscussion();

  it('has comments wait on a pre-moderated post: seen by moderators and their author, until approved', async () => {
    const { reader, other, moderator } = people();
    const post = await createPost('PRE_MODERATED');
    const waiting = await comment(reader, post.id, 'Please');
    expect(waiting.state).toBe('PENDING');
    expect(await look(publication.app, post.id)).toMatchObject({ count: 0, bodies: [] });
    expect(await look(other, post.id)).toMatchObject({ count: 0, bodies: [] });
    expect(await look(reader, post.id)).toMatchObject({ count: 0, bodies: ['Please'] });
    expect(await look(moderator, post.id)).toMatchObject({ count: 0, bodies: ['Please'] });
    expect((await comment(moderator, post.id, 'At once')).state).toBe('VISIBLE');

    expect((await write(reader, 'setCommentState', { id: waiting.id, state: 'VISIBLE' })).userErrors).toEqual(
      [{ code: 'FORBIDDEN', field: null }],
    );
    await write(moderator, 'setCommentState', { id: waiting.id, state: 'VISIBLE', reason: 'Kind words' });
    expect(await look(publication.app, post.id)).toMatchObject({ count: 2, bodies: ['Please', 'At once'] });
    const edited = await write(reader, 'editComment', {
      id: waiting.id,
      expectedVersion: 1,
      body: 'Changed',
    });
    expect(edited.comment?.state).toBe('PENDING');
    expect(await look(publication.app, post.id)).toMatchObject({ count: 1, bodies: ['At once'] });
    const entries = await publication.sql`
      select action, operation, actor_id, user_id, details from audit_log where actor_id = ${moderator.uuid} and details ->> 'reason' = 'Kind words'`;
    expect(entries).toEqual([
      {
        action: 'COMMENT_MODERATE',
        operation: 'setCommentState',
        actor_id: moderator.uuid,
        user_id: reader.uuid,
        details: { from: 'PENDING', to: 'VISIBLE', reason: 'Kind words' },
      },
    ]);
  });

  it('takes a hidden comment out of everybody’s sight but the moderators’, its author’s included', async () => {
    const { reader, other, moderator } = people();
    const post = await createPost();
    const { id } = await comment(reader, post.id, 'Hide me');
    await write(moderator, 'setCommentState', { id, state: 'HIDDEN' });
    for (const who of [reader, other, publication.app]) {
      expect(await look(who, post.id)).toMatchObject({ count: 0, bodies: [] });
      expect(await who.query('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null });
    }
    for (const name of ['deleteComment', 'reportComment']) {
      const input = { id, ...(name === 'reportComment' && { reason: 'x' }) };
      expect((await write(reader, name, input)).userErrors).toEqual([
        { code: 'NOT_FOUND', field: ['input', 'id'] },
      ]);
    }
    expect(await look(moderator, post.id)).toMatchObject({ count: 0, bodies: ['Hide me'] });
  });

  it('collects reports in the moderators’ queue until one of them decides', async () => {
    const { reader, other, moderator } = people();
    const post = await createPost();
    const { id } = await comment(reader, post.id, 'Reported words');
    for (const who of [other, other, moderator]) {
      expect((await write(who, 'reportComment', { id, reason: `Says ${who.username}` })).userErrors).toEqual(
        [],
      );
    }
    const queueOf = async (who: Person) =>
      who.send<{ moderationQueue: { totalCount: number; nodes: { id: string }[] } | null }>(
        '{ moderationQueue(first: 40) { totalCount nodes { id reportCount reports { reason reporter { username } } } } }',
      );
    const { data } = await queueOf(moderator);
    expect(data.moderationQueue?.nodes.find((node) => node.id === id)).toEqual({
      id,
      reportCount: 2,
      reports: [
        { reason: `Says ${other.username}`, reporter: { username: other.username } },
        { reason: `Says ${moderator.username}`, reporter: { username: moderator.username } },
      ],
    });
    const denied = await queueOf(reader);
    expect(denied.data).toEqual({ moderationQueue: null });
    expect(denied.errors?.map((error) => error.extensions.code)).toEqual(['FORBIDDEN']);
    expect(
      await reader.query(
        'query ($id: ID!) { node(id: $id) { ... on Comment { reportCount reports { reason } } } }',
        {
          id,
        },
      ),
    ).toEqual({ node: { reportCount: null, reports: null } });

    await write(moderator, 'setCommentState', { id, state: 'VISIBLE' });
    const after = await queueOf(moderator);
    expect(after.data.moderationQueue?.nodes.find((node) => node.id === id)).toBeUndefined();
    // The same reader's report was answered: it does not come back.
    await write(other, 'reportComment', { id, reason: 'Again' });
    const again = await queueOf(moderator);
    expect(again.data.moderationQueue?.nodes.find((node) => node.id === id)).toBeUndefined();
  });

  it('keeps out of a moderator’s queue, and its count, what waits on a post they may not read', async () => {
    const { reader, moderator } = people();
    const editor = await createPerson(publication, 'EDITOR');
    const post = await createPost('PRE_MODERATED');
    const { id } = await comment(reader, post.id, 'Waits');
    const queueOf = async (who: Person) => {
      const { moderationQueue } = await who.query<{
        moderationQueue: { totalCount: number; nodes: { id: string; post: { id: string } }[] };
      }>('{ moderationQueue(first: 100) { totalCount nodes { id post { id } } } }');
      expect(moderationQueue.totalCount).toBe(moderationQueue.nodes.length);
      return moderationQueue.nodes.find((node) => node.id === id);
    };
    const waiting = { id, post: { id: post.id } };
    expect(await queueOf(moderator)).toEqual(waiting);
    await publication.sql`update posts set status = 'DRAFT' where slug = ${post.slug}`;
    expect(await queueOf(moderator)).toBeUndefined();
    expect(await queueOf(editor)).toEqual(waiting);
  });

  it('tells the moderators’ topic of all that happens to a comment while it waits, and of nothing else', async () => {
    const { reader, other, moderator } = people();
    const post = await createPost('PRE_MODERATED');
    const waiting = await comment(reader, post.id, 'Waits');
    await write(reader, 'editComment', { id: waiting.id, expectedVersion: 1, body: 'Still waits' });
    await write(moderator, 'setCommentState', { id: waiting.id, state: 'VISIBLE' });
    await write(moderator, 'setCommentState', { id: waiting.id, state: 'HIDDEN' });
    await write(moderator, 'setCommentState', { id: waiting.id, state: 'VISIBLE' });
    await write(other, 'reportComment', { id: waiting.id, reason: 'Rude' });
    await write(reader, 'deleteComment', { id: waiting.id });
    const seen = await comment(moderator, post.id, 'At once');
    await write(moderator, 'deleteComment', { id: seen.id });
    const heard = await publication.sql<{ type: string; payload: Record<string, unknown> }[]>`
      select type, payload from events where topic = 'moderation'
        and payload ->> 'postId' = (select id::text from posts where slug = ${post.slug}) order by seq`;
    expect(
      heard.map(
        ({ type, payload }) => `${type} ${String(payload['previousState'])} > ${String(payload['state'])}`,
      ),
    ).toEqual([
      'comment.added null > PENDING',
      'comment.edited PENDING > PENDING',
      'comment.stateSet PENDING > VISIBLE',
      'comment.reported VISIBLE > VISIBLE',
      'comment.deleted VISIBLE > DELETED',
    ]);
    const [first] = await publication.sql`
      select payload from events where topic like '%:comments' and type = 'comment.added'
        and payload ->> 'commentId' = ${String(heard[0]?.payload['commentId'])}`;
    expect(heard[0]?.payload).toEqual(first?.['payload']);
  });

  it('deletes another’s comment by the right to moderate, which a token has by its scope, and writes it down', async () => {
    const { reader, moderator } = people();
    const post = await createPost();
    const { id } = await comment(reader, post.id, 'Rude words');
    const own = await comment(moderator, post.id, 'My words');
    const tokenOf = async (scopes: readonly string[]) => {
      const { createApiToken } = await moderator.query<{ createApiToken: { token: string } }>(
        'mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { token } }',
        { input: { name: 'A program', scopes } },
      );
      const client = createClient(publication.app.endpoint, {
        authorization: `Bearer ${createApiToken.token}`,
      });
      return { ...moderator, ...client };
    };
    const participating = await tokenOf(['PARTICIPATE']);
    expect((await write(participating, 'deleteComment', { id })).userErrors).toEqual([
      { code: 'FORBIDDEN', field: null },
    ]);
    expect((await write(participating, 'deleteComment', { id: own.id })).userErrors).toEqual([]);
    expect((await look(reader, post.id)).bodies).toEqual(['Rude words']);

    const moderating = await tokenOf(['PARTICIPATE', 'MODERATE']);
    expect((await write(moderating, 'deleteComment', { id })).userErrors).toEqual([]);
    expect((await look(reader, post.id)).bodies).toEqual([]);
    expect(
      await publication.sql`select action, user_id from audit_log
        where actor_id = ${moderator.uuid} and operation = 'deleteComment'`,
    ).toEqual([{ action: 'COMMENT_MODERATE', user_id: reader.uuid }]);
  });
});
