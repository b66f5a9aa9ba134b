import { beforeAll, describe, expect, it } from 'vitest';
import { v7 } from 'uuid';
import { encodeId } from '../../src/graphql/globalIds.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import {
  createComment,
  createEntry,
  createPost,
  heardOf,
  MUTATIONS,
  type Payload,
  react,
} from './reacting.js';

const refusal = (code: string, message: string) => ({
  reactions: [],
  userErrors: [{ code, message, field: ['input', 'subjectId'] }],
});
const NOT_FOUND = refusal('NOT_FOUND', 'There is no post or comment or coverage entry with this id.');
const CONFLICT = refusal('CONFLICT', 'Readers do not see this now, so there is no reacting to it.');

describe('reacting is possible', () => {
  const publication = usePublication();
  let author: Person;
  let reader: Person;
  let others: Person[];
  beforeAll(async () => {
    [author, reader, ...others] = (await Promise.all(
      (['AUTHOR', 'READER', 'READER', 'MODERATOR', 'EDITOR', 'ADMIN'] as const).map((role) =>
        createPerson(publication, role),
      ),
    )) as [Person, Person, ...Person[]];
  });

  /** What these people hear, each answer once. */
  async function answersTo(subjectId: string, ...people: Person[]): Promise<Payload[]> {
    const answers = new Map<string, Payload>();
    for (const way of ['add', 'remove'] as const) {
      for (const person of people) {
        const answer = await react(person, way, subjectId, 'LIKE');
        answers.set(JSON.stringify(answer), answer);
      }
    }
    expect(await heardOf(publication, subjectId)).toEqual([]);
    return [...answers.values()];
  }

  it('for everybody with an account, and for nobody else', async () => {
    const postId = await createPost(publication, author);
    for (const [place, person] of [author, reader, ...others].entries()) {
      const { reactions } = await react(person, 'add', postId, 'LOVE');
      expect(reactions).toEqual([{ kind: 'LOVE', count: place + 1, viewerHasReacted: true }]);
    }
    const input = { subjectId: postId, kind: 'LOVE' };
    for (const way of ['add', 'remove'] as const) {
      const { errors } = await publication.app.send(MUTATIONS[way], { input });
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
    }
  });

  it('to posts, comments and entries only', async () => {
    const [tag] = await publication.sql<{ id: string }[]>`select id from tags limit 1`;
    const none = (['Post', 'Comment', 'CoverageEntry'] as const).map((type) => encodeId(type, v7()));
    for (const id of [reader.id, encodeId('Tag', tag?.id ?? ''), 'nonsense', '', ...none]) {
      expect(await react(reader, 'add', id, 'LIKE')).toEqual(NOT_FOUND);
      expect(await react(reader, 'remove', id, 'LIKE')).toEqual(NOT_FOUND);
    }
  });

  it('to nothing on a post that is not published, which only its authors and editors know of', async () => {
    const [other, moderator, ...editors] = others as [Person, Person, ...Person[]];
    const draft = await createPost(publication, author, 'DRAFT');
    const comment = await createComment(publication, reader, draft);
    for (const subject of [draft, comment, await createEntry(publication, draft)]) {
      expect(await answersTo(subject, reader, other, moderator)).toEqual([NOT_FOUND]);
      expect(await answersTo(subject, author, ...editors)).toEqual([CONFLICT]);
    }
  });

  it('to no comment that waits, was hidden or was deleted', async () => {
    const [other, ...moderators] = others as [Person, ...Person[]];
    const postId = await createPost(publication, author);
    const waiting = await createComment(publication, reader, postId, 'PENDING');
    expect(await answersTo(waiting, author, other)).toEqual([NOT_FOUND]);
    expect(await answersTo(waiting, reader, ...moderators)).toEqual([CONFLICT]);
    const hidden = await createComment(publication, reader, postId, 'HIDDEN');
    expect(await answersTo(hidden, author, reader, other)).toEqual([NOT_FOUND]);
    expect(await answersTo(hidden, ...moderators)).toEqual([CONFLICT]);
    const deleted = await createComment(publication, reader, postId, 'DELETED');
    expect(await answersTo(deleted, author, reader, ...others)).toEqual([NOT_FOUND]);
    const place = await createComment(publication, reader, postId, 'DELETED', 1);
    expect(await answersTo(place, author, reader, ...others)).toEqual([CONFLICT]);
  });

  it('to no entry that was retracted, which only editors know of', async () => {
    const [other, moderator, ...editors] = others as [Person, Person, ...Person[]];
    const entry = await createEntry(publication, await createPost(publication, author), true);
    expect(await answersTo(entry, author, reader, other, moderator)).toEqual([NOT_FOUND]);
    expect(await answersTo(entry, ...editors)).toEqual([CONFLICT]);
  });
});
