import { beforeAll, describe, expect, it } from 'vitest';
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
