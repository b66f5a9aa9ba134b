import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../kit/app.js';
import { uuidOf } from '../kit/ids.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import {
  addEntry,
  attempt,
  createPost,
  heardOf,
  heardOfPost,
  MUTATIONS,
  type Post,
  write,
} from './newsroom.js';

const MOMENT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown;
const ANY_ID = expect.stringMatching(/^[\w-]{23}$/) as unknown;

const refused = (code: string, message: string, ...field: string[]) => ({
  code,
  message,
  field: field.length === 0 ? null : ['input', ...field],
});

describe('a coverage', () => {
  const publication = usePublication();
  let author: Person;
  let stranger: Person;
  let editor: Person;
  beforeAll(async () => {
    [author, stranger, editor] = await Promise.all([
      createPerson(publication, 'AUTHOR'),
      createPerson(publication, 'AUTHOR'),
      createPerson(publication, 'EDITOR'),
    ]);
  });

  const live = () => createPost(publication, { authors: [author], coverage: 'LIVE' });
  const storedOf = (post: Post) =>
    publication.sql`select status, entry_count from coverages where post_id = ${post.uuid}`;

  describe('starts', () => {
    it('where there was none, and says so on its topic', async () => {
      const post = await createPost(publication, { authors: [author] });
      const { coverage, userErrors } = await write(author, 'startCoverage', { postId: post.id });
      expect({ coverage, userErrors }).toEqual({
        coverage: { id: ANY_ID, status: 'LIVE', startedAt: MOMENT, endedAt: null, entryCount: 0 },
        userErrors: [],
      });
      expect(await heardOf(publication, post)).toEqual([
        {
          seq: 1,
          type: 'coverage.started',
          payload: { coverageId: uuidOf(coverage?.id ?? ''), postId: post.uuid, status: 'LIVE' },
        },
      ]);
    });

    it('once, however many start it at the same time', async () => {
      const post = await createPost(publication, { authors: [author] });
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => write(author, 'startCoverage', { postId: post.id })),
      );
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(await storedOf(post)).toEqual([{ status: 'LIVE', entry_count: 0 }]);
      expect(await heardOf(publication, post)).toHaveLength(1);
    });

    it('again after its end, with its first beginning', async () => {
      const post = await createPost(publication, { authors: [author], coverage: 'ENDED' });
      const startedAt = '2026-01-01T10:00:00.000Z';
      expect(await write(author, 'startCoverage', { postId: post.id })).toEqual({
        coverage: { id: ANY_ID, status: 'LIVE', startedAt, endedAt: null, entryCount: 0 },
        userErrors: [],
      });
      expect((await heardOf(publication, post)).map(({ type }) => type)).toEqual(['coverage.started']);
    });

    it('after it was announced, and stays as it is while it is live', async () => {
      const post = await createPost(publication, { authors: [author], coverage: 'UPCOMING' });
      const first = await write(author, 'startCoverage', { postId: post.id });
      expect(first.coverage).toEqual({
        id: ANY_ID,
        status: 'LIVE',
        startedAt: MOMENT,
        endedAt: null,
        entryCount: 0,
      });
      expect(await write(author, 'startCoverage', { postId: post.id })).toEqual(first);
      expect(await heardOf(publication, post)).toHaveLength(1);
    });

    it.each(['DRAFT', 'SCHEDULED', 'ARCHIVED'] as const)(
      'on a post that is %s for those who may edit it; for others there is no such post',
      async (status) => {
        const post = await createPost(publication, { status, authors: [author] });
        expect(await write(stranger, 'startCoverage', { postId: post.id })).toEqual({
          coverage: null,
          userErrors: [refused('NOT_FOUND', 'There is no post with this id.', 'postId')],
        });
        for (const person of [author, editor]) {
          const { coverage } = await write(person, 'startCoverage', { postId: post.id });
          expect(coverage?.status).toBe('LIVE');
        }
      },
    );
  });

  describe('ends', () => {
    it('and says so on its topic, once', async () => {
      const post = await live();
      const first = await write(author, 'endCoverage', { postId: post.id });
      const startedAt = '2026-01-01T10:00:00.000Z';
      expect(first).toEqual({
        coverage: { id: ANY_ID, status: 'ENDED', startedAt, endedAt: MOMENT, entryCount: 0 },
        userErrors: [],
      });
      expect(await write(author, 'endCoverage', { postId: post.id })).toEqual(first);
      expect(await heardOf(publication, post)).toEqual([
        {
          seq: 1,
          type: 'coverage.ended',
          payload: { coverageId: uuidOf(first.coverage?.id ?? ''), postId: post.uuid, status: 'ENDED' },
        },
      ]);
    });

    it('without ever having been live', async () => {
      const post = await createPost(publication, { authors: [author], coverage: 'UPCOMING' });
      const { coverage } = await write(author, 'endCoverage', { postId: post.id });
      expect(coverage).toEqual({
        id: ANY_ID,
        status: 'ENDED',
        startedAt: MOMENT,
        endedAt: MOMENT,
        entryCount: 0,
      });
    });

    it('only where there is one', async () => {
      const post = await createPost(publication, { authors: [author] });
      expect(await write(author, 'endCoverage', { postId: post.id })).toEqual({
        coverage: null,
        userErrors: [refused('NOT_FOUND', 'This post has no coverage.', 'postId')],
      });
    });
  });

  describe('tells its post', () => {
    const factsOf = async (post: Post) =>
      (await heardOfPost(publication, post)).own.map(({ type, payload }) => ({
        type,
        hasCoverage: payload['hasCoverage'],
        had: (payload['previous'] as { hasCoverage: boolean }).hasCoverage,
      }));
    const changed = (had: boolean) => ({ type: 'post.coverageChanged', hasCoverage: true, had });

    it('when it starts, ends and starts again, and whether the post had one before', async () => {
      const post = await createPost(publication, { authors: [author] });
      for (const field of [
        'startCoverage',
        'startCoverage',
        'endCoverage',
        'endCoverage',
        'startCoverage',
      ] as const) {
        await write(author, field, { postId: post.id });
      }
      expect(await factsOf(post)).toEqual([changed(false), changed(true), changed(true)]);
      const { own, listed } = await heardOfPost(publication, post);
      expect(listed).toEqual(own.map(({ type, payload }) => ({ type, payload })));
      expect(own[0]?.payload).toMatchObject({
        postId: post.uuid,
        status: 'PUBLISHED',
        version: 1,
        authorIds: [author.uuid],
        previous: { status: 'PUBLISHED', authors: [author.username], language: 'en' },
      });
    });

    it('that is not published, and nobody else', async () => {
      const post = await createPost(publication, { authors: [author], status: 'DRAFT' });
      await write(author, 'startCoverage', { postId: post.id });
      expect(await factsOf(post)).toEqual([changed(false)]);
      expect((await heardOfPost(publication, post)).listed).toEqual([]);
    });

    it('once of the first start, however many try, and never that it had none after that', async () => {
      const post = await createPost(publication, { authors: [author] });
      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          write(author, n % 2 === 0 ? 'startCoverage' : 'endCoverage', { postId: post.id }),
        ),
      );
      const [first, ...others] = await factsOf(post);
      expect(first).toEqual(changed(false));
      for (const other of others) expect(other).toEqual(changed(true));
    });
  });

  describe('is written by', () => {
    const byRole = async (): Promise<[string, Client, string][]> => {
      const [reader, moderator, admin] = await Promise.all([
        createPerson(publication, 'READER'),
        createPerson(publication, 'MODERATOR'),
        createPerson(publication, 'ADMIN'),
      ]);
      return [
        ['anonymous', publication.app, 'UNAUTHENTICATED'],
        ['READER', reader, 'FORBIDDEN'],
        ['MODERATOR', moderator, 'FORBIDDEN'],
        ['another AUTHOR', stranger, 'FORBIDDEN'],
        ['its AUTHOR', author, 'done'],
        ['EDITOR', editor, 'done'],
        ['ADMIN', admin, 'done'],
      ];
    };

    it.each(Object.keys(MUTATIONS) as (keyof typeof MUTATIONS)[])(
      'the authors of its post, editors and administrators: %s',
      async (field) => {
        const refusedOn: Post[] = [];
        for (const [name, client, outcome] of await byRole()) {
          const post = await live();
          const entry = await addEntry(author, post.id);
          const inputs = {
            startCoverage: { postId: post.id },
            endCoverage: { postId: post.id },
            addCoverageEntry: { postId: post.id, body: 'Goal' },
            updateCoverageEntry: { id: entry.id, expectedVersion: 1, isPinned: true },
            retractCoverageEntry: { id: entry.id },
          };
          const { data, errors } = await attempt(client, field, inputs[field]);
          const code = errors?.[0]?.extensions.code ?? data[field].userErrors[0]?.code ?? 'done';
          expect([name, code]).toEqual([name, outcome]);
          if (outcome !== 'done') refusedOn.push(post);
        }
        expect(refusedOn).toHaveLength(4);
        for (const post of refusedOn) {
          expect(await storedOf(post)).toEqual([{ status: 'LIVE', entry_count: 1 }]);
          expect(await heardOf(publication, post)).toHaveLength(1);
        }
      },
    );

    it('whoever it is, with a word in the audit log when it is not their own', async () => {
      const post = await live();
      await write(author, 'endCoverage', { postId: post.id });
      await write(editor, 'startCoverage', { postId: post.id });
      const entry = await addEntry(editor, post.id);
      expect(
        await publication.sql`select actor_id, user_id, action, operation, subject_type, subject_id, details
          from audit_log where subject_id in (${post.uuid}, ${uuidOf(entry.id)}) order by created_at, id`,
      ).toEqual([
        {
          actor_id: editor.uuid,
          user_id: author.uuid,
          action: 'COVERAGE_WRITE',
          operation: 'startCoverage',
          subject_type: 'Post',
          subject_id: post.uuid,
          details: {},
        },
        {
          actor_id: editor.uuid,
          user_id: author.uuid,
          action: 'COVERAGE_WRITE',
          operation: 'addCoverageEntry',
          subject_type: 'CoverageEntry',
          subject_id: uuidOf(entry.id),
          details: {},
        },
      ]);
    });
  });
});
