import { beforeAll, describe, expect, it } from 'vitest';
import { uuidOf } from '../kit/ids.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { addEntry, attempt, createPost, heardOf, type Post, write } from './newsroom.js';

const ANY_ID = expect.stringMatching(/^[\w-]{23}$/) as unknown;

const refused = (code: string, message: string, ...field: string[]) => ({
  code,
  message,
  field: field.length === 0 ? null : ['input', ...field],
});

describe('the coverage of a post', () => {
  const publication = usePublication();
  let author: Person;
  let editor: Person;
  beforeAll(async () => {
    [author, editor] = await Promise.all([
      createPerson(publication, 'AUTHOR'),
      createPerson(publication, 'EDITOR'),
    ]);
  });

  const live = () => createPost(publication, { authors: [author], coverage: 'LIVE' });
  const storedOf = (post: Post) =>
    publication.sql`select status, entry_count from coverages where post_id = ${post.uuid}`;

  describe('takes entries', () => {
    it('of somebody who says something', async () => {
      const post = await live();
      const given = { speaker: ' Gus  Okafor', occurredAt: '2026-01-01T11:00:00+01:00', isKey: true };
      const entry = await addEntry(author, post.id, { body: 'They are **off**', ...given });
      expect(entry).toEqual({
        id: ANY_ID,
        occurredAt: '2026-01-01T10:00:00.000Z',
        kind: 'UTTERANCE',
        speaker: 'Gus Okafor',
        body: 'They are **off**',
        bodyHtml: '<p>They are <strong>off</strong></p>\n',
        isKey: true,
        isPinned: false,
        retractedAt: null,
        retractionReason: null,
        version: 1,
      });
      const [coverage] = await publication.sql<{ id: string }[]>`
        select id from coverages where post_id = ${post.uuid}`;
      expect(await heardOf(publication, post)).toEqual([
        {
          seq: 1,
          type: 'entry.added',
          payload: {
            entryId: uuidOf(entry.id),
            coverageId: coverage?.id,
            postId: post.uuid,
            version: 1,
            isKey: true,
            isPinned: false,
            retracted: false,
            wasRetracted: false,
          },
        },
      ]);
    });

    it('of nobody in particular as notes of this moment, in the language of the post', async () => {
      const post = await createPost(publication, { authors: [author], language: 'de', coverage: 'LIVE' });
      const before = Date.now();
      const entry = await addEntry(author, post.id, { isKey: null, speaker: null, occurredAt: null });
      expect(entry).toMatchObject({ kind: 'NOTE', speaker: null, isKey: false });
      expect(Math.abs(Date.parse(entry.occurredAt) - before)).toBeLessThan(30_000);
      expect(
        await publication.sql`select language, body_format from coverage_entries where id = ${uuidOf(entry.id)}`,
      ).toEqual([{ language: 'de', body_format: 'MARKDOWN' }]);
    });

    it.each([
      [undefined, 'This post has no coverage yet. Start one, then add entries.'],
      [
        'UPCOMING',
        'The coverage is UPCOMING: entries are added while it is LIVE. Start it, then add entries.',
      ],
      ['ENDED', 'The coverage is ENDED: entries are added while it is LIVE. Start it, then add entries.'],
    ] as const)('only while it is live, not when it is %s', async (coverage, message) => {
      const post = await createPost(publication, { authors: [author], ...(coverage && { coverage }) });
      const input = { postId: post.id, body: 'Late', occurredAt: new Date(Date.now() + 120_000) };
      expect(await write(author, 'addCoverageEntry', input)).toEqual({
        entry: null,
        userErrors: [
          refused('CONFLICT', message, 'postId'),
          refused('INVALID', 'Must not be in the future.', 'occurredAt'),
        ],
      });
      expect(await heardOf(publication, post)).toEqual([]);
    });

    it('of any moment since the Romans until now, give or take a minute', async () => {
      const post = await live();
      const soon = new Date(Date.now() + 30_000).toISOString();
      for (const occurredAt of ['1000-01-01T00:00:00.000Z', soon]) {
        expect(await addEntry(author, post.id, { occurredAt })).toMatchObject({ occurredAt });
      }
      const input = { postId: post.id, body: 'Early', occurredAt: '0000-12-31T23:59:59Z' };
      const { errors } = await attempt(author, 'addCoverageEntry', input);
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    });

    it('of the right form only, and says all that is wrong at once', async () => {
      const input = { postId: author.id, body: 'x'.repeat(20_001), speaker: ' ' };
      expect(await write(author, 'addCoverageEntry', input)).toEqual({
        entry: null,
        userErrors: [
          refused('NOT_FOUND', 'There is no post with this id.', 'postId'),
          refused('TOO_LONG', 'Has 20001 characters: at most 20000 are allowed.', 'body'),
          refused('INVALID', 'Must not be empty.', 'speaker'),
        ],
      });
    });

    it('and counts them, however many come at once and whenever it ends', async () => {
      const post = await live();
      const adding = Array.from({ length: 30 }, (_, n) =>
        write(author, 'addCoverageEntry', { postId: post.id, body: `Lap ${n}` }),
      );
      const ending = write(author, 'endCoverage', { postId: post.id });
      const answers = await Promise.all(adding);
      await ending;
      const added = answers.filter(({ entry }) => entry !== null).length;
      expect(answers.flatMap(({ userErrors }) => userErrors.map(({ code, field }) => [code, field]))).toEqual(
        Array.from({ length: 30 - added }, () => ['CONFLICT', ['input', 'postId']]),
      );
      expect(await storedOf(post)).toEqual([{ status: 'ENDED', entry_count: added }]);
      const heard = (await heardOf(publication, post)).map(({ type }) => type);
      expect(heard).toEqual([...Array.from({ length: added }, () => 'entry.added'), 'coverage.ended']);
    });
  });

  describe('has its entries corrected', () => {
    it('in text and speaker, each time a new version', async () => {
      const post = await live();
      const { id, ...entry } = await addEntry(author, post.id, { body: 'Goal by Ada' });
      const said = { id, expectedVersion: 1, body: 'Goal by *Bea*', speaker: 'Gus' };
      const second = { ...entry, id, body: said.body, speaker: 'Gus', kind: 'UTTERANCE', version: 2 };
      const bodyHtml = '<p>Goal by <em>Bea</em></p>\n';
      expect(await write(author, 'updateCoverageEntry', said)).toEqual({
        entry: { ...second, bodyHtml },
        userErrors: [],
      });
      const unsaid = { id, expectedVersion: 2, speaker: null };
      expect((await write(author, 'updateCoverageEntry', unsaid)).entry).toEqual({
        ...second,
        bodyHtml,
        speaker: null,
        kind: 'NOTE',
        version: 3,
      });
      const heard = await heardOf(publication, post);
      expect(heard.map(({ type, payload }) => [type, payload['version']])).toEqual([
        ['entry.added', 1],
        ['entry.corrected', 2],
        ['entry.corrected', 3],
      ]);
    });

    it('and pinned, and made key ones, after its end as well', async () => {
      const post = await live();
      const entry = await addEntry(author, post.id);
      await write(author, 'endCoverage', { postId: post.id });
      const input = { id: entry.id, expectedVersion: 1, isPinned: true, isKey: true };
      expect(await write(author, 'updateCoverageEntry', input)).toEqual({
        entry: { ...entry, isPinned: true, isKey: true, version: 2 },
        userErrors: [],
      });
      const [last] = (await heardOf(publication, post)).slice(-1);
      expect(last).toMatchObject({
        type: 'entry.corrected',
        payload: { isKey: true, isPinned: true, version: 2 },
      });
    });

    it('in the format that they were written in', async () => {
      const { sql } = publication;
      const [imported] = await sql<{ id: string; version: number }[]>`
        select id, version from coverage_entries where body_format = 'TEXT' order by id limit 1`;
      const id = (
        await publication.app.query<{
          posts: { nodes: [{ coverage: { entries: { nodes: { id: string }[] } } }] };
        }>(
          '{ posts(filter: { hasCoverage: true }, orderBy: PUBLISHED_AT_ASC) { nodes { coverage { entries(first: 100) { nodes { id } } } } } }',
        )
      ).posts.nodes
        .flatMap(({ coverage }) => coverage.entries.nodes)
        .find((entry) => uuidOf(entry.id) === imported?.id)?.id;
      const input = { id, expectedVersion: imported?.version, body: '*not* emphasised' };
      const { entry } = await write(editor, 'updateCoverageEntry', input);
      expect(entry?.bodyHtml).toBe('<p>*not* emphasised</p>');
    });

    it('not at all when nothing is different', async () => {
      const post = await live();
      const entry = await addEntry(author, post.id, { speaker: 'Gus' });
      const same = { body: 'Goal', speaker: 'Gus ', isKey: false, isPinned: false };
      for (const change of [{}, same]) {
        const input = { id: entry.id, expectedVersion: 1, ...change };
        expect(await write(author, 'updateCoverageEntry', input)).toEqual({ entry, userErrors: [] });
      }
      expect(await heardOf(publication, post)).toHaveLength(1);
    });

    it('not to nothing: what has to be there cannot be null', async () => {
      const entry = await addEntry(author, (await live()).id);
      const nothing = { body: null, isKey: null, isPinned: null };
      const message = 'Must not be null. Leave it out, and it stays as it is.';
      expect(
        await write(author, 'updateCoverageEntry', { id: entry.id, expectedVersion: 1, ...nothing }),
      ).toEqual({
        entry: null,
        userErrors: ['body', 'isKey', 'isPinned'].map((field) => refused('INVALID', message, field)),
      });
    });

    it('by one of many who had the same version before them', async () => {
      const entry = await addEntry(author, (await live()).id);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          write(author, 'updateCoverageEntry', { id: entry.id, expectedVersion: 1, body: `Goal ${n}` }),
        ),
      );
      const message = 'The entry has version 2 by now. Read it again, and change that.';
      expect(answers.filter((answer) => answer.entry?.version === 2)).toHaveLength(1);
      expect(answers.filter((answer) => answer.entry === null)).toEqual(
        Array.from({ length: 19 }, () => ({
          entry: null,
          userErrors: [refused('CONFLICT', message, 'expectedVersion')],
        })),
      );
    });
  });
});
