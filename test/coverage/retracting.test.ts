import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { v7 } from 'uuid';
import { ROLES } from '../../src/auth/roles.js';
import { ANONYMOUS, type Viewer } from '../../src/auth/viewer.js';
import { openDatabase } from '../../src/db/client.js';
import { encodeId } from '../../src/graphql/globalIds.js';
import { mayReadEntry, sightOf } from '../../src/modules/coverage/policy.js';
import { createCoverageRepo } from '../../src/modules/coverage/repo/reading.js';
import type { Client } from '../kit/app.js';
import { uuidOf } from '../kit/ids.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { addEntry, createPost, type Entry, heardOf, type Post, write } from './newsroom.js';

const MOMENT = expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as unknown;
const notFound = {
  entry: null,
  userErrors: [
    { code: 'NOT_FOUND', message: 'There is no coverage entry with this id.', field: ['input', 'id'] },
  ],
};

describe('a retracted entry', () => {
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
  /** A coverage with an entry that stands, and one that an editor took back. */
  const retracted = async (more: object = {}): Promise<{ post: Post; standing: Entry; gone: Entry }> => {
    const post = await live();
    const standing = await addEntry(author, post.id, { body: 'Kestrel stands', isKey: true });
    const gone = await addEntry(author, post.id, { body: 'Xylophones everywhere', isKey: true, ...more });
    await write(editor, 'retractCoverageEntry', { id: gone.id, reason: 'Wrong race' });
    return { post, standing, gone };
  };
  const auditOf = (id: string) =>
    publication.sql`select actor_id, action, operation, subject_type, details from audit_log
      where subject_id = ${uuidOf(id)} order by created_at, id`;

  describe('is taken back', () => {
    it('by an editor, who still sees it, with its reason', async () => {
      const post = await live();
      const entry = await addEntry(author, post.id);
      const input = { id: entry.id, reason: ' Wrong  race ' };
      expect(await write(editor, 'retractCoverageEntry', input)).toEqual({
        entry: { ...entry, retractedAt: MOMENT, retractionReason: 'Wrong race' },
        userErrors: [],
      });
      const [coverage] = await publication.sql<{ id: string; entry_count: number }[]>`
        select id, entry_count from coverages where post_id = ${post.uuid}`;
      expect(coverage?.entry_count).toBe(0);
      expect((await heardOf(publication, post)).at(-1)).toEqual({
        seq: 2,
        type: 'entry.retracted',
        payload: {
          entryId: uuidOf(entry.id),
          coverageId: coverage?.id,
          postId: post.uuid,
          version: 1,
          isKey: false,
          isPinned: false,
          retracted: true,
          wasRetracted: false,
        },
      });
      expect(await auditOf(entry.id)).toEqual([
        {
          actor_id: editor.uuid,
          action: 'COVERAGE_RETRACT',
          operation: 'retractCoverageEntry',
          subject_type: 'CoverageEntry',
          details: { reason: 'Wrong race' },
        },
      ]);
    });

    it('by its author, who sees it no more, and whose reason is written down as well', async () => {
      const post = await live();
      const entry = await addEntry(author, post.id);
      const input = { id: entry.id, reason: 'Not checked' };
      expect(await write(author, 'retractCoverageEntry', input)).toEqual({ entry: null, userErrors: [] });
      expect(await auditOf(entry.id)).toEqual([
        {
          actor_id: author.uuid,
          action: 'COVERAGE_RETRACT',
          operation: 'retractCoverageEntry',
          subject_type: 'CoverageEntry',
          details: { reason: 'Not checked' },
        },
      ]);
    });

    it('once, by however many at the same time: counter, topic and reason change once', async () => {
      const post = await live();
      const [entry] = await Promise.all([addEntry(author, post.id), addEntry(author, post.id)]);
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) =>
          write(editor, 'retractCoverageEntry', { id: entry.id, reason: `Reason ${n}` }),
        ),
      );
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(await write(author, 'retractCoverageEntry', { id: entry.id })).toEqual({
        entry: null,
        userErrors: [],
      });
      expect(await publication.sql`select entry_count from coverages where post_id = ${post.uuid}`).toEqual([
        { entry_count: 1 },
      ]);
      const heard = (await heardOf(publication, post)).map(({ type }) => type);
      expect(heard).toEqual(['entry.added', 'entry.added', 'entry.retracted']);
    });

    it('without a reason, and not with one that is too long', async () => {
      const post = await live();
      const entry = await addEntry(author, post.id);
      const tooLong = { id: entry.id, reason: 'x'.repeat(501) };
      const message = 'Has 501 characters: at most 500 are allowed.';
      expect(await write(editor, 'retractCoverageEntry', tooLong)).toEqual({
        entry: null,
        userErrors: [{ code: 'TOO_LONG', message, field: ['input', 'reason'] }],
      });
      const answer = await write(editor, 'retractCoverageEntry', { id: entry.id, reason: ' ' });
      expect(answer.entry).toEqual({ ...entry, retractedAt: MOMENT, retractionReason: null });
    });
  });

  it('is not corrected any more', async () => {
    const { gone } = await retracted();
    const input = { id: gone.id, expectedVersion: 1, body: 'Back again' };
    const message = 'This entry was retracted: it can not be corrected.';
    const conflict = { entry: null, userErrors: [{ code: 'CONFLICT', message, field: ['input', 'id'] }] };
    for (const person of [author, editor]) {
      expect(await write(person, 'updateCoverageEntry', input)).toEqual(conflict);
    }
  });

  it('is, for authors of other posts, an entry that does not exist', async () => {
    const { gone } = await retracted();
    const nobody = encodeId('CoverageEntry', v7());
    for (const id of [gone.id, nobody]) {
      expect(await write(stranger, 'updateCoverageEntry', { id, expectedVersion: 1 })).toEqual(notFound);
      expect(await write(stranger, 'retractCoverageEntry', { id })).toEqual(notFound);
    }
  });

  it('is not answered again under the key of an earlier change', async () => {
    const post = await live();
    const entry = await addEntry(author, post.id, { body: 'Xylophones' });
    const pin = { id: entry.id, expectedVersion: 1, isPinned: true };
    const headers = { 'idempotency-key': 'pin-it' };
    const pinned = { entry: { ...entry, isPinned: true, version: 2 }, userErrors: [] };
    expect(await write(author, 'updateCoverageEntry', pin, headers)).toEqual(pinned);
    expect(await write(author, 'updateCoverageEntry', pin, headers)).toEqual(pinned);
    await write(editor, 'retractCoverageEntry', { id: entry.id });
    expect(await write(author, 'updateCoverageEntry', pin, headers)).toEqual({ entry: null, userErrors: [] });
  });

  describe('is gone from every read', () => {
    const FIELDS = 'id body bodyHtml retractedAt retractionReason reactions { kind }';
    const READ = `query ($post: ID!, $gone: ID!, $ids: [ID!]!) {
      node(id: $gone) { ... on CoverageEntry { ${FIELDS} } }
      nodes(ids: $ids) { ... on CoverageEntry { body } }
      post(by: { id: $post }) { coverage {
        entryCount
        entries { totalCount nodes { ${FIELDS} } edges { node { body } } }
        key: entries(keyOnly: true) { totalCount nodes { body } }
      } }
      search(query: "xylophones", kinds: [COVERAGE_ENTRY]) { totalCount edges { highlight node { ... on CoverageEntry { body } } } }
    }`;
    const read = (client: Client, { post, standing, gone }: Awaited<ReturnType<typeof retracted>>) =>
      client.query<object>(READ, { post: post.id, gone: gone.id, ids: [standing.id, gone.id] });

    const whole = (entry: Entry, more: object = {}) => ({
      id: entry.id,
      body: entry.body,
      bodyHtml: entry.bodyHtml,
      retractedAt: null,
      retractionReason: null,
      reactions: [],
      ...more,
    });
    const nothingFound = { totalCount: 0, edges: [] };

    it('of readers, moderators, its author and those who are not signed in', async () => {
      const story = await retracted();
      const { standing } = story;
      const people = await Promise.all([
        createPerson(publication, 'READER'),
        createPerson(publication, 'MODERATOR'),
      ]);
      for (const client of [publication.app, ...people, author, stranger]) {
        expect(await read(client, story)).toEqual({
          node: null,
          nodes: [{ body: standing.body }, null],
          post: {
            coverage: {
              entryCount: 1,
              entries: {
                totalCount: 1,
                nodes: [whole(standing)],
                edges: [{ node: { body: standing.body } }],
              },
              key: { totalCount: 1, nodes: [{ body: standing.body }] },
            },
          },
          search: nothingFound,
        });
      }
    });

    it('but not of editors and administrators, whom lists and counts show it with its reason', async () => {
      const story = await retracted();
      const { standing, gone } = story;
      const takenBack = whole(gone, { retractedAt: MOMENT, retractionReason: 'Wrong race' });
      for (const client of [editor, await createPerson(publication, 'ADMIN')]) {
        expect(await read(client, story)).toEqual({
          node: takenBack,
          nodes: [{ body: standing.body }, { body: gone.body }],
          post: {
            coverage: {
              entryCount: 1,
              entries: {
                totalCount: 2,
                nodes: [whole(standing), takenBack],
                edges: [{ node: { body: standing.body } }, { node: { body: gone.body } }],
              },
              key: { totalCount: 2, nodes: [{ body: standing.body }, { body: gone.body }] },
            },
          },
          search: nothingFound,
        });
      }
    });
  });
});

describe('which entries a viewer sees', () => {
  const publication = usePublication();
  let database: ReturnType<typeof openDatabase>;
  beforeAll(() => {
    database = openDatabase({ url: publication.url, poolSize: 1, statementTimeout: 0 });
  });
  afterAll(() => database.close());

  const viewers: Viewer[] = [
    ANONYMOUS,
    ...ROLES.flatMap((role) =>
      (['ALL', []] as const).map((scopes) => ({ userId: v7(), role, sessionId: null, scopes })),
    ),
  ];

  it('is the same in lists, in counts and one by one, for every role and state', async () => {
    const { sql } = publication;
    const [coverage] = await sql<{ id: string }[]>`select id from coverages limit 1`;
    const coverageId = coverage?.id ?? '';
    await sql`update coverage_entries set retracted_at = now() where coverage_id = ${coverageId}
      and id in (select id from coverage_entries where coverage_id = ${coverageId} and extract(second from occurred_at)::int % 2 = 0)`;
    const rows = await sql<{ id: string; retracted_at: Date | null; is_key: boolean }[]>`
      select id, retracted_at, is_key from coverage_entries where coverage_id = ${coverageId} order by occurred_at, id`;
    expect(new Set(rows.map((row) => `${row.is_key} ${row.retracted_at !== null}`)).size).toBe(4);

    for (const viewer of viewers) {
      const repo = createCoverageRepo(database.db, sightOf(viewer));
      for (const keyOnly of [false, true]) {
        const expected = rows
          .filter((row) => !keyOnly || row.is_key)
          .filter((row) => mayReadEntry(viewer, { retractedAt: row.retracted_at }))
          .map(({ id }) => id);
        const listed = await repo.entries([coverageId], keyOnly, { limit: 100, backward: false }, 'ALL');
        expect(listed.map(({ id }) => id)).toEqual(expected);
        expect(await repo.countEntries([coverageId], keyOnly)).toEqual([
          { listParentId: coverageId, count: expected.length },
        ]);
      }
    }
  });
});
