import { beforeAll, describe, expect, it } from 'vitest';
import { uuidOf } from '../kit/ids.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { ask, done, eventsOf, refusals, topicOf } from './changes.js';

const DAY = 86_400_000;
const from = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();

describe('publishing', () => {
  const publication = usePublication();
  let author: Person;
  let editor: Person;
  beforeAll(async () => {
    author = await createPerson(publication, 'AUTHOR');
    editor = await createPerson(publication, 'EDITOR');
  });
  const draft = (title: string) => done(author, 'createPost', { title, body: 'Text' });
  const published = async (title: string) => done(author, 'publishPost', { id: (await draft(title)).id });
  const isPublic = async (id: string): Promise<boolean> =>
    (await publication.app.query<{ node: unknown }>('query ($id: ID!) { node(id: $id) { id } }', { id }))
      .node !== null;
  /** What the topics heard of a post, `posts` and its own. */
  const heard = async (id: string) => {
    const tell = ({ type, payload }: { type: string; payload: Record<string, unknown> }) => {
      const previous = payload['previous'] as { status: string } | null;
      return `${type} ${previous?.status ?? 'null'} > ${String(payload['status'])}`;
    };
    const [own, all] = await Promise.all([
      eventsOf(publication.sql, topicOf(id)),
      eventsOf(publication.sql, 'posts'),
    ]);
    return {
      own: own.map(tell),
      all: all.filter(({ payload }) => payload['postId'] === uuidOf(id)).map(tell),
    };
  };
  /** What the topics of that which hangs on a post heard, all the same things. */
  const heardBelow = async (id: string) => {
    const topics = [`${topicOf(id)}:comments`, `${topicOf(id)}:coverage`, `reactions:${uuidOf(id)}`];
    const [comments = [], ...others] = await Promise.all(
      topics.map(async (topic) =>
        (await eventsOf(publication.sql, topic)).filter(({ type }) => type.startsWith('post.')),
      ),
    );
    const payloads = comments.map(({ type, payload }) => ({ type, payload }));
    for (const other of others) {
      expect(other.map(({ type, payload }) => ({ type, payload }))).toEqual(payloads);
    }
    return comments;
  };

  it('brings a post to the readers at once, and does nothing the second time', async () => {
    const { id } = await draft('Now');
    expect(await isPublic(id)).toBe(false);
    const before = Date.now();
    const post = await done(author, 'publishPost', { id });
    expect(post).toMatchObject({ status: 'PUBLISHED', version: 1 });
    expect(Date.parse(post.publishedAt ?? '')).toBeGreaterThanOrEqual(before);
    expect(Date.parse(post.publishedAt ?? '')).toBeLessThanOrEqual(Date.now());
    expect(await isPublic(id)).toBe(true);
    const { posts } = await publication.app.query<{ posts: unknown }>('{ posts(first: 1) { nodes { id } } }');
    expect(posts).toEqual({ nodes: [{ id }] });
    expect(await done(author, 'publishPost', { id })).toEqual(post);
    expect(await heard(id)).toEqual({
      own: ['post.created null > DRAFT', 'post.published DRAFT > PUBLISHED'],
      all: ['post.published DRAFT > PUBLISHED'],
    });
  });

  it('refuses another time for what is published', async () => {
    const { id } = await published('At once');
    expect(await ask(author, 'publishPost', { id, at: from(DAY) })).toEqual({
      post: null,
      userErrors: [
        {
          code: 'CONFLICT',
          field: ['input', 'at'],
          message:
            'The post is published already. To give it another time, unpublish it first, then publish it again.',
        },
      ],
    });
    expect(await refusals(author, 'publishPost', { id, at: '1969-12-31T23:59:59.999Z' })).toEqual([
      'INVALID at',
      'CONFLICT at',
    ]);
  });

  it('as of a time in the past puts a post in its place', async () => {
    const { id } = await draft('Long ago');
    const post = await done(author, 'publishPost', { id, at: '1999-12-31T23:00:00.000Z' });
    expect(post).toMatchObject({ status: 'PUBLISHED', publishedAt: '1999-12-31T23:00:00.000Z' });
    const { posts } = await publication.app.query<{ posts: unknown }>(
      '{ posts(first: 1, orderBy: PUBLISHED_AT_ASC) { nodes { id } } }',
    );
    expect(posts).toEqual({ nodes: [{ id }] });
  });

  it('refuses times before 1970 and more than five years ahead', async () => {
    const { id } = await draft('Out of range');
    expect(await refusals(author, 'publishPost', { id, at: '1969-12-31T23:59:59.999Z' })).toEqual([
      'INVALID at',
    ]);
    expect(await refusals(author, 'publishPost', { id, at: from(5 * 366 * DAY) })).toEqual(['INVALID at']);
    expect((await done(author, 'publishPost', { id, at: from(5 * 365 * DAY) })).status).toBe('SCHEDULED');
  });

  it('at a time to come schedules, can be put off, brought forward and called off', async () => {
    const { id } = await draft('Later');
    const at = from(DAY);
    expect(await done(author, 'publishPost', { id, at })).toMatchObject({
      status: 'SCHEDULED',
      publishedAt: at,
    });
    await done(author, 'publishPost', { id, at });
    await done(author, 'publishPost', { id, at: from(2 * DAY) });
    expect(await done(author, 'unpublishPost', { id })).toMatchObject({ status: 'DRAFT', publishedAt: null });
    await done(author, 'publishPost', { id, at });
    expect(await isPublic(id)).toBe(false);
    expect((await done(author, 'publishPost', { id })).status).toBe('PUBLISHED');
    expect(await heard(id)).toEqual({
      own: [
        'post.created null > DRAFT',
        'post.scheduled DRAFT > SCHEDULED',
        'post.scheduled SCHEDULED > SCHEDULED',
        'post.unpublished SCHEDULED > DRAFT',
        'post.scheduled DRAFT > SCHEDULED',
        'post.published SCHEDULED > PUBLISHED',
      ],
      all: ['post.published SCHEDULED > PUBLISHED'],
    });
  });

  it('can be undone: a draft again, for its authors and editors', async () => {
    const { id } = await published('Undone');
    const draftAgain = await done(author, 'unpublishPost', { id });
    expect(draftAgain).toMatchObject({ status: 'DRAFT', publishedAt: null, version: 1 });
    expect(await isPublic(id)).toBe(false);
    expect(await done(author, 'unpublishPost', { id })).toEqual(draftAgain);
    expect((await heard(id)).all).toEqual([
      'post.published DRAFT > PUBLISHED',
      'post.unpublished PUBLISHED > DRAFT',
    ]);
  });

  it('brings an archived post back to the place it had', async () => {
    const { id, publishedAt } = await published('Kept');
    const archived = await done(author, 'archivePost', { id });
    expect(archived).toMatchObject({ status: 'ARCHIVED', publishedAt });
    expect(await isPublic(id)).toBe(false);
    expect(await done(author, 'archivePost', { id })).toEqual(archived);
    expect(await done(author, 'publishPost', { id })).toMatchObject({ status: 'PUBLISHED', publishedAt });
    const draftArchived = await done(author, 'archivePost', { id: (await draft('Never out')).id });
    expect(draftArchived).toMatchObject({ status: 'ARCHIVED', publishedAt: null });
    expect(await done(author, 'unpublishPost', { id: draftArchived.id })).toMatchObject({ status: 'DRAFT' });
    expect((await heard(id)).all).toEqual([
      'post.published DRAFT > PUBLISHED',
      'post.archived PUBLISHED > ARCHIVED',
      'post.published ARCHIVED > PUBLISHED',
    ]);
  });

  it('tells those who read below a post, on their topics, when it is public no more, and of nothing else', async () => {
    const { id } = await published('Read by many');
    await done(author, 'updatePost', { id, expectedVersion: 1, title: 'Read by all' });
    await done(author, 'setCommentPolicy', { postId: id, policy: 'CLOSED' });
    expect(await heardBelow(id)).toEqual([]);
    await done(author, 'unpublishPost', { id });
    await done(author, 'publishPost', { id, at: from(DAY) });
    await done(author, 'archivePost', { id });
    await done(author, 'publishPost', { id, at: from(-DAY) });
    await done(author, 'archivePost', { id });
    await done(author, 'unpublishPost', { id });
    await ask(editor, 'deletePost', { id });
    const own = await eventsOf(publication.sql, topicOf(id));
    const below = await heardBelow(id);
    expect(below.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'post.unpublished'],
      [2, 'post.archived'],
      [3, 'post.deleted'],
    ]);
    const facts = own.map(({ payload }) => payload);
    for (const { payload } of below) expect(facts).toContainEqual(payload);
  });

  it('tells where a post was listed before, and where it is', async () => {
    const { id, publishedAt } = await published('Listed');
    const before = { status: 'PUBLISHED', publishedAt, authors: [author.username], tags: [], language: 'en' };
    const factsOf = async () => (await eventsOf(publication.sql, topicOf(id))).at(-1)?.payload;
    expect(await factsOf()).toMatchObject({
      ...before,
      previous: { ...before, status: 'DRAFT', publishedAt: null, hasCoverage: false },
    });
    await done(author, 'unpublishPost', { id });
    expect(await factsOf()).toMatchObject({ status: 'DRAFT', publishedAt: null, previous: before });
    const [at, later] = [from(DAY), from(2 * DAY)];
    await done(author, 'publishPost', { id, at });
    await done(author, 'publishPost', { id, at: later });
    expect(await factsOf()).toMatchObject({
      status: 'SCHEDULED',
      publishedAt: later,
      previous: { ...before, status: 'SCHEDULED', publishedAt: at },
    });
    await done(author, 'setCommentPolicy', { postId: id, policy: 'CLOSED' });
    expect(await factsOf()).toMatchObject({
      publishedAt: later,
      commentPolicy: 'CLOSED',
      previous: { ...before, status: 'SCHEDULED', publishedAt: later },
    });
  });

  it('what is not in the past stays unpublished when it is archived, and is published as of then', async () => {
    const { id } = await draft('Archived while it waited');
    await done(author, 'publishPost', { id, at: from(DAY) });
    await done(author, 'archivePost', { id });
    const post = await done(author, 'publishPost', { id });
    expect(post.status).toBe('PUBLISHED');
    expect(Date.parse(post.publishedAt ?? '')).toBeLessThanOrEqual(Date.now());
  });

  describe('deleting', () => {
    it('is for authors while a post was never published', async () => {
      const { id } = await draft('Never mind');
      await done(author, 'publishPost', { id, at: from(DAY) });
      expect(await ask(author, 'deletePost', { id })).toEqual({ deletedId: id, userErrors: [] });
      const { node } = await author.query<{ node: unknown }>('query ($id: ID!) { node(id: $id) { id } }', {
        id,
      });
      expect(node).toBeNull();
      expect((await heard(id)).own.at(-1)).toBe('post.deleted SCHEDULED > SCHEDULED');
      expect((await heardBelow(id)).map(({ type }) => type)).toEqual(['post.deleted']);
      expect(await refusals(author, 'deletePost', { id })).toEqual(['NOT_FOUND id']);
    });

    it('is not for authors once readers knew the post', async () => {
      const { id } = await published('Known');
      const refused = {
        deletedId: null,
        userErrors: [
          {
            code: 'FORBIDDEN',
            field: null,
            message: 'This post was published before: only editors may delete it. You may archive it.',
          },
        ],
      };
      expect(await ask(author, 'deletePost', { id })).toEqual(refused);
      await done(author, 'unpublishPost', { id });
      expect(await ask(author, 'deletePost', { id })).toEqual(refused);
      await done(author, 'publishPost', { id, at: from(DAY) });
      expect(await ask(author, 'deletePost', { id })).toEqual(refused);
      expect(await ask(editor, 'deletePost', { id })).toEqual({ deletedId: id, userErrors: [] });
    });

    it('by an editor takes away all that hangs on a post, and is written down', async () => {
      const { sql } = publication;
      const [row] =
        await sql`select id, title, slug from posts where id in (select post_id from coverages) limit 1`;
      const uuid = row?.['id'] as string;
      const { post } = await publication.app.query<{ post: { id: string } }>(
        'query ($slug: String) { post(by: { slug: $slug }) { id } }',
        { slug: row?.['slug'] as string },
      );
      expect(await ask(editor, 'deletePost', { id: post.id })).toEqual({
        deletedId: post.id,
        userErrors: [],
      });
      const [left] = await sql`select
        (select count(*) from comments where post_id = ${uuid})::int as comments,
        (select count(*) from coverages where post_id = ${uuid})::int as coverages,
        (select count(*) from post_slugs where post_id = ${uuid})::int as slugs`;
      expect(left).toEqual({ comments: 0, coverages: 0, slugs: 0 });
      expect((await heard(post.id)).all).toEqual(['post.deleted PUBLISHED > PUBLISHED']);
      expect(await heardBelow(post.id)).toMatchObject([
        { type: 'post.deleted', payload: { hasCoverage: true, previous: { hasCoverage: true } } },
      ]);
      const [audit] = await sql`
        select actor_id, operation, subject_type, details from audit_log where subject_id = ${uuid}`;
      expect(audit).toEqual({
        actor_id: editor.uuid,
        operation: 'deletePost',
        subject_type: 'Post',
        details: { slug: row?.['slug'] as string, title: row?.['title'] as string, status: 'PUBLISHED' },
      });
    });
  });
});
