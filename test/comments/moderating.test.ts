import { describe, expect, it } from 'vitest';
import type { Person } from '../kit/people.js';
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
        '{ moderationQueue(first: 100) { totalCount nodes { id reportCount reports { reason reporter { username } } } } }',
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
});
