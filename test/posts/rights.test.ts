import { beforeAll, describe, expect, it, vi } from 'vitest';
import { uuidOf } from '../kit/ids.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { ask, done, eventsOf, refusals, topicOf } from './changes.js';

const NO_POST = [{ code: 'NOT_FOUND', field: ['input', 'id'], message: 'There is no post with this id.' }];

describe('rights to change a post', () => {
  const publication = usePublication();
  let author: Person;
  let other: Person;
  let moderator: Person;
  let reader: Person;
  beforeAll(async () => {
    [author, other, moderator, reader] = await Promise.all([
      createPerson(publication, 'AUTHOR'),
      createPerson(publication, 'AUTHOR'),
      createPerson(publication, 'MODERATOR'),
      createPerson(publication, 'READER'),
    ]);
  });
  const draft = (title: string) => done(author, 'createPost', { title, body: '' });

  const changes = (id: string): [string, Record<string, unknown>][] => [
    ['updatePost', { id, expectedVersion: 1, title: 'Taken over' }],
    ['restorePostRevision', { id, version: 1, expectedVersion: 1 }],
    ['publishPost', { id }],
    ['unpublishPost', { id }],
    ['archivePost', { id }],
    ['deletePost', { id }],
  ];

  it('over a post that a viewer may not read are those over one that is not there', async () => {
    const { id } = await draft('Hidden draft');
    const { id: gone } = await draft('Gone');
    await ask(author, 'deletePost', { id: gone });
    const userId = author.id;
    for (const [mutation, input] of [...changes(id), ...changes(gone), ...changes(userId), ...changes('x')]) {
      expect((await ask(other, mutation, input)).userErrors, mutation).toEqual(NO_POST);
    }
    expect((await ask(moderator, 'setCommentPolicy', { postId: id, policy: 'CLOSED' })).userErrors).toEqual([
      { ...NO_POST[0], field: ['input', 'postId'] },
    ]);
  });

  /** A public post with a comment and a reply, and their ids. */
  const discussed = async (title: string) => {
    const { id } = await draft(title);
    await done(author, 'publishPost', { id });
    const add = async (parentId: string | null): Promise<string> => {
      const { addComment } = await reader.query<{ addComment: { comment: { id: string } } }>(
        'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }',
        { input: { postId: id, parentId, body: 'A comment' } },
      );
      return addComment.comment.id;
    };
    const comment = await add(null);
    return { id, comment: uuidOf(comment), reply: uuidOf(await add(comment)) };
  };

  it('to delete a post are asked for before its comments are held: who has none waits for nobody', async () => {
    const { id, comment } = await discussed('Discussed');
    await publication.sql.begin(async (busy) => {
      await busy`select from comments where id = ${comment} for update`;
      expect(await refusals(other, 'deletePost', { id })).toEqual(['FORBIDDEN -']);
      expect(await refusals(author, 'deletePost', { id })).toEqual(['FORBIDDEN -']);
    });
  });

  it('to delete a post lead from replies to what they answer, as all who hold comments go', async () => {
    const editor = await createPerson(publication, 'EDITOR');
    const { id, comment, reply } = await discussed('Deleted while it is discussed');
    const deleting = await publication.sql.begin(async (busy) => {
      await busy`select from comments where id = ${reply} for update`;
      const answer = ask(editor, 'deletePost', { id });
      await vi.waitFor(async () => {
        const waiting = await publication.sql`
          select from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`;
        expect(waiting).toHaveLength(1);
      });
      await busy`select from comments where id = ${comment} for update nowait`;
      return { answer };
    });
    expect(await deleting.answer).toEqual({ deletedId: id, userErrors: [] });
  });

  it('over a post that a viewer may read are FORBIDDEN to who has none', async () => {
    const { id } = await draft('Public');
    await done(author, 'publishPost', { id });
    const all = [...changes(id), ['setCommentPolicy', { postId: id, policy: 'CLOSED' }] as const];
    for (const [mutation, input] of all) {
      expect(await refusals(other, mutation, input), mutation).toEqual(['FORBIDDEN -']);
      expect(await refusals(reader, mutation, input), mutation).toEqual(['FORBIDDEN -']);
    }
    const closed = await done(moderator, 'setCommentPolicy', { postId: id, policy: 'CLOSED' });
    expect(closed).toMatchObject({ commentPolicy: 'CLOSED', version: 1 });
    await done(author, 'setCommentPolicy', { postId: id, policy: 'CLOSED' });
    const events = await eventsOf(publication.sql, topicOf(id));
    expect(events.map(({ type, payload }) => [type, payload['commentPolicy']])).toEqual([
      ['post.created', undefined],
      ['post.published', undefined],
      ['post.commentPolicySet', 'CLOSED'],
    ]);
  });
});
