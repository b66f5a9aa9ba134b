import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../../src/graphql/globalIds.js';
import { startTestApp, type TestApp } from '../kit/app.js';
import { hasSharedData, needsSharedData, realDatabaseUrl } from '../kit/database.js';
import { type CommentRecord, ids, read } from './realRecords.js';
import { wrongCounters } from './workspace.js';

describe.runIf(hasSharedData)(`the real publication, imported${needsSharedData}`, () => {
  let app: TestApp;
  let sql: postgres.Sql;
  beforeAll(async () => {
    const url = await realDatabaseUrl();
    app = await startTestApp({ DATABASE_URL: url });
    sql = postgres(url, { max: 1, onnotice: () => undefined });
  });
  afterAll(async () => {
    await app.stop();
    await sql.end();
  });

  it('is whole: 7,662 posts, 13 of them coverages with 46,524 entries, and 56,525 comments', async () => {
    const counts = await app.query<{
      posts: { totalCount: number };
      covered: { nodes: readonly { coverage: { entryCount: number; entries: { totalCount: number } } }[] };
    }>(`{
      posts { totalCount }
      covered: posts(first: 100, filter: { hasCoverage: true }) {
        nodes { coverage { entryCount entries { totalCount } } }
      }
    }`);
    expect(counts.posts.totalCount).toBe(7_649 + 13);
    const coverages = counts.covered.nodes.map((post) => post.coverage);
    expect(coverages).toHaveLength(13);
    expect(coverages.reduce((sum, coverage) => sum + coverage.entryCount, 0)).toBe(46_524);
    expect(coverages.reduce((sum, coverage) => sum + coverage.entries.totalCount, 0)).toBe(46_524);
    expect(await sql`select sum(comment_count)::int from posts where external_id is not null`).toEqual([
      { sum: 56_525 },
    ]);
    expect(await sql`select count(*)::int from users where external_id is not null`).toEqual([
      { count: 1_701 + 5_920 },
    ]);
    expect(await wrongCounters(sql)).toEqual([]);
  });

  it('keeps the external ids of everything', async () => {
    const idsIn = async (table: string): Promise<Set<unknown>> =>
      new Set(
        (await sql`select external_id from ${sql(table)} where external_id is not null`).map(
          (row): unknown => row['external_id'],
        ),
      );
    expect(await idsIn('comments')).toEqual(new Set(ids(read('comments'))));
    expect(await idsIn('coverage_entries')).toEqual(new Set(ids(read('live'))));
    expect(await idsIn('coverages')).toEqual(new Set(ids(read('coverages'))));
    expect(await idsIn('posts')).toEqual(new Set([...ids(read('posts')), ...ids(read('coverages'))]));
    expect(await idsIn('users')).toEqual(new Set([...ids(read('authors')), ...ids(read('users'))]));
  });

  describe('its comments', () => {
    const comments: CommentRecord[] = [];
    beforeAll(() => void comments.push(...read('comments')));

    it('keep their depth, up to 103, with all their ancestors', async () => {
      const depths = await sql`select external_id, depth from comments where external_id is not null`;
      expect(new Map(depths.map((row) => [row['external_id'], row['depth']]))).toEqual(
        new Map(comments.map((comment) => [comment.id, comment.depth])),
      );
      const byId = new Map(comments.map((comment) => [comment.id, comment]));
      const deepest = comments.find((comment) => comment.depth === 103);
      const above: string[] = [];
      for (let id = deepest?.parent_id; id != null; id = byId.get(id)?.parent_id) above.unshift(id);
      expect(above).toHaveLength(103);
      const [row] = await sql`select id from comments where external_id = ${deepest?.id ?? ''}`;
      const { node } = await app.query<{ node: object }>(
        'query ($id: ID!) { node(id: $id) { ... on Comment { depth ancestors { externalId } } } }',
        { id: encodeId('Comment', String(row?.['id'])) },
      );
      expect(node).toEqual({ depth: 103, ancestors: above.map((externalId) => ({ externalId })) });
    });

    it('may be older than what they answer: 14 are', async () => {
      const byId = new Map(comments.map((comment) => [comment.id, comment]));
      const early = comments.filter(
        ({ parent_id, created_at }) => created_at < (byId.get(parent_id ?? '')?.created_at ?? ''),
      );
      expect(early).toHaveLength(14);
      expect(
        (
          await sql`select replies.external_id from comments as replies
            join comments as parents on parents.id = replies.parent_id where replies.created_at < parents.created_at`
        )
          .map((row) => row['external_id'] as string)
          .toSorted(),
      ).toEqual(ids(early).toSorted());
    });

    it('stand in the order of the log within a minute', async () => {
      const stored =
        await sql`select external_id from comments where external_id is not null order by created_at, id`;
      const place = new Map(stored.map((row, index) => [row['external_id'] as string, index]));
      const ties = comments
        .toSorted((one, other) => one.discussion_id.localeCompare(other.discussion_id) || one.seq - other.seq)
        .flatMap((comment, index, sorted) => {
          const before = sorted[index - 1];
          return before?.discussion_id === comment.discussion_id && before.created_at === comment.created_at
            ? [[before.id, comment.id] as const]
            : [];
        });
      expect(ties.length).toBeGreaterThan(1_000);
      expect(ties.filter(([one, other]) => (place.get(one) ?? 0) >= (place.get(other) ?? 0))).toEqual([]);
    });

    it('keep their bidirectional marks as typed, and are shown from HTML where they came with it', async () => {
      const marked = comments.filter((comment) =>
        /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/.test(comment.body),
      );
      expect(marked.length).toBeGreaterThan(30);
      const stored =
        await sql`select external_id, body from comments where external_id = any(${ids(marked)})`;
      expect(new Map(stored.map((row) => [row['external_id'], row['body']]))).toEqual(
        new Map(marked.map((comment) => [comment.id, comment.body])),
      );
      const item = comments.find((comment) => comment.body_html?.startsWith('<li>'));
      const [row] =
        await sql`select source_html, body_html from comments where external_id = ${item?.id ?? ''}`;
      expect(row?.['source_html']).toBe(item?.body_html);
      expect(row?.['body_html']).toMatch(/^<[uo]l/);
    });

    it('come from accounts with handles in any script', async () => {
      const [account] = await sql`select username, name from users where name = 'Gżdacz'`;
      expect(account).toEqual({ username: 'gżdacz', name: 'Gżdacz' });
      const { user } = await app.query<{ user: object }>(
        '{ user(by: { username: "GŻDACZ" }) { name role email } }',
      );
      expect(user).toEqual({ name: 'Gżdacz', role: 'READER', email: null });
      expect(await sql`select 1 from users where email is not null`).toEqual([]);
    });
  });

  describe('its entries', () => {
    it('stand in the order of the transcript, 1,433 of them in the second of the one before', async () => {
      const entries = read('live');
      const ties = entries.filter((entry, index) => {
        const before = entries[index - 1];
        return before?.coverage_id === entry.coverage_id && before.at === entry.at;
      });
      expect(ties).toHaveLength(1_433);
      const stored = await sql`select coverage_entries.external_id from coverage_entries
        join coverages on coverages.id = coverage_id where coverage_entries.external_id is not null order by coverages.external_id collate "C", occurred_at, coverage_entries.id`;
      expect(stored.map((row) => row['external_id'] as string)).toEqual(
        ids(
          entries.toSorted(
            (one, other) =>
              (one.coverage_id < other.coverage_id ? -1 : Number(one.coverage_id > other.coverage_id)) ||
              one.seq - other.seq,
          ),
        ),
      );
    });

    it('have the name of the speaker, else the code, else none', async () => {
      const stored =
        await sql`select external_id, speaker from coverage_entries where external_id is not null`;
      const entries = read('live');
      expect(entries.filter((entry) => !entry.speaker_name)).toHaveLength(2_140);
      expect(new Map(stored.map((row) => [row['external_id'], row['speaker']]))).toEqual(
        new Map(entries.map((entry) => [entry.id, entry.speaker_name ?? entry.speaker_code ?? null])),
      );
    });
  });
});
