import { beforeAll, describe, expect, it } from 'vitest';
import { uuidOf } from '../kit/ids.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { ask, done, eventsOf, refusals, topicOf } from './changes.js';

describe('writing posts', () => {
  const publication = usePublication();
  let author: Person;
  let editor: Person;
  let moderator: Person;
  let reader: Person;
  beforeAll(async () => {
    [author, editor, moderator, reader] = await Promise.all([
      createPerson(publication, 'AUTHOR'),
      createPerson(publication, 'EDITOR'),
      createPerson(publication, 'MODERATOR'),
      createPerson(publication, 'READER'),
    ]);
  });
  const draft = (title: string, more: Record<string, unknown> = {}) =>
    done(author, 'createPost', { title, body: 'Some *text*.', ...more });

  describe('creating', () => {
    it('makes a draft of the viewer, with new and known tags, its first version and its event', async () => {
      const post = await draft('  Net  mending \n for all ', {
        summary: ' Bring a needle. ',
        language: 'EN-gb',
        tags: ['Net mending', 'weather', 'net-mending', 'Weather'],
      });
      expect(post).toEqual({
        id: expect.any(String) as string,
        slug: 'net-mending-for-all',
        title: 'Net mending for all',
        summary: 'Bring a needle.',
        language: 'en-GB',
        status: 'DRAFT',
        publishedAt: null,
        version: 1,
        body: 'Some *text*.',
        bodyHtml: '<p>Some <em>text</em>.</p>\n',
        commentPolicy: 'OPEN',
        tags: [
          { name: 'Net mending', slug: 'net-mending' },
          { name: 'Weather', slug: 'weather' },
        ],
        authors: [{ username: author.username }],
      });
      const { node } = await author.query<{ node: unknown }>(
        `query ($id: ID!) { node(id: $id) { ... on Post { revisions { totalCount nodes {
          version slug title summary language tags body bodyFormat editor { username } } } } } }`,
        { id: post.id },
      );
      expect(node).toEqual({
        revisions: {
          totalCount: 1,
          nodes: [
            {
              version: 1,
              slug: 'net-mending-for-all',
              title: 'Net mending for all',
              summary: 'Bring a needle.',
              language: 'en-GB',
              tags: ['Net mending', 'Weather'],
              body: 'Some *text*.',
              bodyFormat: 'MARKDOWN',
              editor: { username: author.username },
            },
          ],
        },
      });
      expect(await eventsOf(publication.sql, topicOf(post.id))).toEqual([
        {
          seq: 1,
          type: 'post.created',
          payload: {
            postId: uuidOf(post.id),
            status: 'DRAFT',
            previous: null,
            version: 1,
            authorIds: [author.uuid],
            authors: [author.username],
            tags: ['net-mending', 'weather'],
            language: 'en-GB',
            hasCoverage: false,
            publishedAt: null,
          },
        },
      ]);
    });

    it('tells of all that is wrong at once, and stores nothing', async () => {
      const [before] = await publication.sql`select count(*) from posts`;
      const { post, userErrors } = await ask(author, 'createPost', {
        title: ' \n ',
        body: 'x'.repeat(1_000_001),
        summary: 'x'.repeat(1_001),
        slug: 'Not / usable',
        language: 'not a language',
        tags: ['??', 'good', 'x'.repeat(101)],
      });
      expect(post).toBeNull();
      expect(userErrors).toEqual([
        { code: 'INVALID', field: ['input', 'title'], message: 'Must not be empty.' },
        {
          code: 'TOO_LONG',
          field: ['input', 'body'],
          message: 'Has 1000001 characters: at most 1000000 are allowed.',
        },
        {
          code: 'TOO_LONG',
          field: ['input', 'summary'],
          message: 'Has 1001 characters: at most 1000 are allowed.',
        },
        {
          code: 'INVALID',
          field: ['input', 'slug'],
          message: 'Use letters and digits, and . _ ~ - behind the first, such as `not-usable`.',
        },
        {
          code: 'INVALID',
          field: ['input', 'language'],
          message: 'Must be a BCP 47 language tag, such as `en` or `zh-Hans`.',
        },
        { code: 'INVALID', field: ['input', 'tags', '0'], message: 'A tag needs a letter or a digit.' },
        {
          code: 'TOO_LONG',
          field: ['input', 'tags', '2'],
          message: 'Has 101 characters: at most 100 are allowed.',
        },
      ]);
      const [after] = await publication.sql`select count(*) from posts`;
      expect(after).toEqual(before);
    });

    it('takes at most 20 tags', async () => {
      const tags = Array.from({ length: 21 }, (_, place) => `tag ${place}`);
      expect(await refusals(author, 'createPost', { title: 'Tagged', body: '', tags })).toEqual([
        'INVALID tags',
      ]);
    });

    it('is for authors and editors', async () => {
      const input = { title: 'Mine', body: '' };
      expect(await refusals(reader, 'createPost', input)).toEqual(['FORBIDDEN -']);
      expect(await refusals(moderator, 'createPost', input)).toEqual(['FORBIDDEN -']);
      expect((await done(editor, 'createPost', input)).authors).toEqual([{ username: editor.username }]);
      const { errors } = await publication.app.send(
        'mutation { createPost(input: { title: "Mine", body: "" }) { post { id } } }',
      );
      expect(errors?.map((error) => error.extensions.code)).toEqual(['UNAUTHENTICATED']);
    });

    it('is done once for one idempotency key', async () => {
      const headers = { 'idempotency-key': 'one net' };
      const input = { title: 'Once and only once', body: '' };
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => ask(author, 'createPost', input, headers)),
      );
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      const rows = await publication.sql`select slug from posts where title = 'Once and only once'`;
      expect(rows.map((row) => row['slug'] as string)).toEqual(['once-and-only-once']);
    });
  });

  describe('updating', () => {
    it('changes what is given, and makes a version', async () => {
      const { id } = await draft('Before', { summary: 'Old', tags: ['Nets', 'Ropes'] });
      const first = await done(author, 'updatePost', {
        id,
        expectedVersion: 1,
        body: '# New',
        tags: ['Ropes'],
      });
      expect(first).toMatchObject({
        title: 'Before',
        slug: 'before',
        summary: 'Old',
        version: 2,
        bodyHtml: '<h1>New</h1>\n',
        tags: [{ slug: 'ropes' }],
      });
      const second = await done(author, 'updatePost', {
        id,
        expectedVersion: 2,
        title: 'After',
        summary: null,
        language: 'de',
        tags: [],
      });
      expect(second).toMatchObject({
        title: 'After',
        slug: 'before',
        summary: null,
        language: 'de',
        body: '# New',
        tags: [],
        version: 3,
      });
      const events = await eventsOf(publication.sql, topicOf(id));
      expect(events.map(({ type, payload }) => [type, payload['version'], payload['tags']])).toEqual([
        ['post.created', 1, ['nets', 'ropes']],
        ['post.updated', 2, ['ropes']],
        ['post.updated', 3, []],
      ]);
      expect(events.map(({ payload }) => payload['previous'])).toMatchObject([
        null,
        { tags: ['nets', 'ropes'], language: 'en', authors: [author.username], status: 'DRAFT' },
        { tags: ['ropes'], language: 'en', authors: [author.username], status: 'DRAFT' },
      ]);
      expect(events.at(-1)?.payload['language']).toBe('de');
    });

    it('to the same makes no version and no event', async () => {
      const { id } = await draft('Same', { summary: 'Same', tags: ['Nets'] });
      const same = await done(author, 'updatePost', {
        id,
        expectedVersion: 1,
        title: 'Same',
        body: 'Some *text*.',
        summary: 'Same',
        slug: 'same',
        language: 'en',
        tags: ['nets'],
      });
      expect(same.version).toBe(1);
      expect(await eventsOf(publication.sql, topicOf(id))).toHaveLength(1);
    });

    it('tells of all that is wrong at once: first of form, then of sense', async () => {
      const { id } = await draft('Refused');
      const nothing = { title: null, body: null, slug: null, language: null, tags: null };
      const { userErrors } = await ask(author, 'updatePost', { id, expectedVersion: 1, ...nothing });
      expect(userErrors).toEqual(
        Object.keys(nothing).map((field) => ({
          code: 'INVALID',
          field: ['input', field],
          message: 'Can not be null. Leave it out to keep what is there.',
        })),
      );
      expect(await ask(author, 'updatePost', { id, expectedVersion: 7, slug: 'lamp-night' })).toEqual({
        post: null,
        userErrors: [
          {
            code: 'CONFLICT',
            field: ['input', 'expectedVersion'],
            message: 'The post has version 1 by now. Read it again, and change that.',
          },
          {
            code: 'TAKEN',
            field: ['input', 'slug'],
            message: 'Another post has this slug, or had it before. Choose another one.',
          },
        ],
      });
    });

    it('50 times at once from one version succeeds once, the others are CONFLICT', async () => {
      const { id } = await draft('Contested');
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, place) =>
          ask(author, 'updatePost', {
            id,
            expectedVersion: 1,
            body: `Edit ${place}`,
            tags: [`Edit ${place}`],
          }),
        ),
      );
      const winners = answers.filter((answer) => answer.post !== null);
      expect(winners).toHaveLength(1);
      const refused = answers.flatMap((answer) => answer.userErrors);
      expect(refused).toHaveLength(49);
      expect(new Set(refused.map(({ code, field }) => `${code} ${field?.join('.') ?? ''}`))).toEqual(
        new Set(['CONFLICT input.expectedVersion']),
      );
      const { node } = await author.query<{ node: unknown }>(
        'query ($id: ID!) { node(id: $id) { ... on Post { version body tags { slug } } } }',
        { id },
      );
      const { version, body, tags } = winners[0]?.post ?? {};
      expect(node).toEqual({ version, body, tags: tags?.map(({ slug }) => ({ slug })) });
      const events = await eventsOf(publication.sql, topicOf(id));
      expect(events.map(({ type }) => type)).toEqual(['post.created', 'post.updated']);
    });
  });
});
