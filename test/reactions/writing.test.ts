import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { uuidOf } from '../kit/ids.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { countersOf, createComment, createEntry, createPost, heardOf, react, type Way } from './reacting.js';

describe('a reaction', () => {
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

  it.each([
    ['a post', (postId: string) => Promise.resolve(postId)],
    ['a comment', (postId: string) => createComment(publication, reader, postId)],
    ['an entry', (postId: string) => createEntry(publication, postId)],
  ])('to %s is added and removed, each time heard on its topic with the count after it', async (_, make) => {
    const postId = await createPost(publication, author);
    const subjectId = await make(postId);
    const like = { kind: 'LIKE', count: 1, viewerHasReacted: true };
    expect(await react(reader, 'add', subjectId, 'LIKE')).toEqual({ reactions: [like], userErrors: [] });
    expect(await react(author, 'add', subjectId, 'LIKE')).toEqual({
      reactions: [{ ...like, count: 2 }],
      userErrors: [],
    });
    expect(await react(reader, 'remove', subjectId, 'LIKE')).toEqual({
      reactions: [{ ...like, viewerHasReacted: false }],
      userErrors: [],
    });
    expect(await react(author, 'remove', subjectId, 'LIKE')).toEqual({ reactions: [], userErrors: [] });
    const facts = { subjectId: uuidOf(subjectId), postId: uuidOf(postId), kind: 'LIKE' };
    expect(await heardOf(publication, subjectId)).toEqual([
      { seq: 1, type: 'reaction.added', payload: { ...facts, userId: reader.uuid, count: 1 } },
      { seq: 2, type: 'reaction.added', payload: { ...facts, userId: author.uuid, count: 2 } },
      { seq: 3, type: 'reaction.removed', payload: { ...facts, userId: reader.uuid, count: 1 } },
      { seq: 4, type: 'reaction.removed', payload: { ...facts, userId: author.uuid, count: 0 } },
    ]);
  });

  it('is answered with all kinds, most frequent first, and with those that are the viewer’s own', async () => {
    const postId = await createPost(publication, author);
    await react(author, 'add', postId, 'SAD');
    await react(reader, 'add', postId, 'THANKS');
    const [other, another] = others as [Person, Person];
    await react(other, 'add', postId, 'THANKS');
    await react(another, 'add', postId, 'LAUGH');
    const reactions = [
      { kind: 'THANKS', count: 2, viewerHasReacted: true },
      { kind: 'LOVE', count: 1, viewerHasReacted: true },
      { kind: 'LAUGH', count: 1, viewerHasReacted: false },
      { kind: 'SAD', count: 1, viewerHasReacted: false },
    ];
    expect(await react(reader, 'add', postId, 'LOVE')).toEqual({ reactions, userErrors: [] });
    expect(
      await reader.query(
        'query ($id: ID) { post(by: { id: $id }) { reactions { kind count viewerHasReacted } } }',
        {
          id: postId,
        },
      ),
    ).toEqual({ post: { reactions } });
  });

  it('that is there already stays, and one that is not there is no error: nobody hears of either', async () => {
    const postId = await createPost(publication, author);
    const first = await react(reader, 'add', postId, 'LIKE');
    expect(await react(reader, 'add', postId, 'LIKE')).toEqual(first);
    expect(await react(author, 'remove', postId, 'LIKE')).toEqual({
      reactions: [{ kind: 'LIKE', count: 1, viewerHasReacted: false }],
      userErrors: [],
    });
    expect(await heardOf(publication, postId)).toHaveLength(1);
  });

  it('is one row, one event and 100 equal answers when one viewer adds it 100 times at once', async () => {
    const postId = await createPost(publication, author);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => react(reader, 'add', postId, 'LIKE')),
    );
    const like = { kind: 'LIKE', count: 1, viewerHasReacted: true };
    expect(answers).toEqual(Array.from({ length: 100 }, () => ({ reactions: [like], userErrors: [] })));
    const one = [{ subject_id: uuidOf(postId), kind: 'LIKE', count: 1 }];
    expect(await countersOf(publication, postId)).toEqual({ kept: one, counted: one });
    expect(await heardOf(publication, postId)).toHaveLength(1);
  });

  it('is counted right whatever several people add and remove at the same time', async () => {
    const postId = await createPost(publication, author);
    const subjects = [
      postId,
      await createComment(publication, reader, postId),
      await createEntry(publication, postId),
    ];
    const people = [author, reader, ...others];
    const doing = fc.record({
      person: fc.constantFrom(...people),
      way: fc.constantFrom<Way>('add', 'add', 'remove'),
      subject: fc.constantFrom(...subjects),
      kind: fc.constantFrom('LIKE', 'LOVE', 'SAD'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(doing, { minLength: 20, maxLength: 60 }), async (doings) => {
        const answers = await Promise.all(
          doings.map(({ person, way, subject, kind }) => react(person, way, subject, kind)),
        );
        expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
        const { kept, counted } = await countersOf(publication, ...subjects);
        expect(kept).toEqual(counted);
        for (const subject of subjects) {
          const latest = new Map<string, unknown>();
          const seqs: number[] = [];
          for (const { seq, payload } of await heardOf(publication, subject)) {
            seqs.push(seq);
            latest.set(String(payload['kind']), payload['count']);
          }
          expect(seqs).toEqual(seqs.map((__, place) => place + 1));
          const now = counted.filter((row) => row.subject_id === uuidOf(subject));
          expect(Object.fromEntries([...latest].filter(([, count]) => count !== 0))).toEqual(
            Object.fromEntries(now.map(({ kind, count }) => [kind, count])),
          );
        }
      }),
      { numRuns: 15 },
    );
    expect(publication.app.logged).toEqual([]);
  });

  it('needs four statements, and six with a key, whether it changes anything or not', async () => {
    const postId = await createPost(publication, author);
    const namesOf = async (way: Way, headers?: Record<string, string>) =>
      (await publication.app.statementsOf(() => react(reader, way, postId, 'LIKE', headers)))
        .flatMap(({ name }) => name ?? [])
        .filter((name) => !name.startsWith('posts.'));
    const plain = await namesOf('add');
    expect(plain.slice(-3)).toEqual(['reactions.post', 'reactions.add', 'events.append']);
    expect(plain).toHaveLength(4);
    expect(await namesOf('add')).toHaveLength(4);
    expect(await namesOf('remove', { 'idempotency-key': 'a' })).toHaveLength(6);
    expect(await namesOf('remove', { 'idempotency-key': 'b' })).toHaveLength(6);
  });

  it('is carried out once under a key, with the first answer again', async () => {
    const postId = await createPost(publication, author);
    const headers = { 'idempotency-key': 'a tap' };
    const first = await react(reader, 'add', postId, 'LIKE', headers);
    await react(author, 'add', postId, 'LIKE');
    expect(await react(reader, 'add', postId, 'LIKE', headers)).toEqual(first);
    expect(await heardOf(publication, postId)).toHaveLength(2);
  });

  it('goes out of sight with what was deleted or retracted', async () => {
    const [editor] = others.slice(-1) as [Person];
    const postId = await createPost(publication, author);
    const comment = await createComment(publication, reader, postId);
    const entry = await createEntry(publication, postId);
    for (const subject of [comment, entry]) await react(reader, 'add', subject, 'LIKE');
    await publication.sql`update comments set state = 'DELETED', reply_count = 1 where id = ${uuidOf(comment)}`;
    await publication.sql`update coverage_entries set retracted_at = now() where id = ${uuidOf(entry)}`;
    expect(
      await editor.query(
        `query ($ids: [ID!]!) { nodes(ids: $ids) { id
          ... on Comment { reactions { kind } } ... on CoverageEntry { reactions { kind } } } }`,
        { ids: [comment, entry] },
      ),
    ).toEqual({
      nodes: [
        { id: comment, reactions: [] },
        { id: entry, reactions: [] },
      ],
    });
  });
});
