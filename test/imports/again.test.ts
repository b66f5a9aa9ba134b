import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { startTestApp } from '../kit/app.js';
import { hasSharedData, needsSharedData, SHARED_DATA } from '../kit/database.js';
import { DEMO } from '../kit/demo.js';
import { author, comment, coverage, discussion, entry, post, talkOf, user } from './records.js';
import { all, createWorkspace, wrongCounters, writeFolder } from './workspace.js';

describe('importing again', () => {
  it.runIf(hasSharedData)(`the sample changes nothing the second time${needsSharedData}`, async () => {
    const { url, load, sql } = await createWorkspace();
    const sample = join(SHARED_DATA, 'sample');
    const first = await load(sample);
    const second = await load(sample);
    expect(first.rejected).toEqual([]);
    expect(first.summary['comments']).toEqual(all('added', 2_150));
    for (const [kind, tally] of Object.entries(first.summary)) {
      expect(second.summary[kind], kind).toEqual({ ...tally, added: 0, unchanged: tally.added });
    }
    expect(await wrongCounters(sql)).toEqual([]);
    expect(
      await sql`select 1 from posts where version <> 1 union all select 1 from comments where version <> 1
      union all select 1 from coverage_entries where version <> 1`,
    ).toEqual([]);

    const app = await startTestApp({ DATABASE_URL: url });
    try {
      const { posts } = await app.query<{ posts: { totalCount: number } }>('{ posts { totalCount } }');
      expect(posts.totalCount).toBe(first.summary['posts']?.added);
    } finally {
      await app.stop();
    }
  });

  it('the demo publication rejects nothing and changes nothing', async () => {
    const { load, sql } = await createWorkspace();
    const first = await load(DEMO);
    expect(first.rejected).toEqual([]);
    const second = await load(DEMO);
    for (const [kind, tally] of Object.entries(second.summary)) {
      expect(tally, kind).toEqual(all('unchanged', first.summary[kind]?.added ?? 0));
    }
    expect(await wrongCounters(sql)).toEqual([]);
  });

  it('an import that was interrupted goes on where it was', async () => {
    const { load, loadUntil, sql } = await createWorkspace();
    await loadUntil('comments.jsonl', DEMO);
    expect(await sql`select count(*)::int from comments`).toEqual([{ count: 0 }]);
    const { summary } = await load(DEMO);
    expect(summary['posts']?.added).toBe(0);
    expect(summary['comments']?.added).toBeGreaterThan(0);
    expect(await wrongCounters(sql)).toEqual([]);
  });

  it('two imports at the same time take turns: every record is added once', async () => {
    const { load, sql } = await createWorkspace();
    const imports = await Promise.all([load(DEMO), load(DEMO)]);
    const kinds = Object.keys(imports[0].summary);
    const third = await load(DEMO);
    for (const kind of kinds) {
      const added = imports.reduce((sum, { summary }) => sum + (summary[kind]?.added ?? 0), 0);
      expect(third.summary[kind], kind).toEqual(all('unchanged', added));
    }
    expect(await wrongCounters(sql)).toEqual([]);
  });

  it('an import and a post with the same new tags in opposite orders do not lock each other out', async () => {
    const { load, sql } = await createWorkspace();
    const { rejected } = await sql
      .begin(async (tx) => {
        // As writers do: in the order of the slugs.
        const add = (slug: string) =>
          tx`insert into tags (id, slug, name) values (gen_random_uuid(), ${slug}, ${slug}) on conflict do nothing`;
        await add('a');
        const loading = load({ 'posts.jsonl': [post('one', { tags: ['z', 'a'] })] });
        await vi.waitFor(
          async () => {
            const waiting = await tx`select 1 from pg_locks
              where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))`;
            expect(waiting).toHaveLength(1);
          },
          { timeout: 10_000, interval: 20 },
        );
        await add('z');
        return { loading };
      })
      .then(({ loading }) => loading);
    expect(rejected).toEqual([]);
    expect(await sql`select slug from tags order by slug`).toEqual([{ slug: 'a' }, { slug: 'z' }]);
  });

  it('two imports of the same records in opposite orders do not lock each other out', async () => {
    const { load, sql } = await createWorkspace();
    await sql`create function dawdle() returns trigger language plpgsql as
      'begin perform pg_sleep(0.3); return new; end'`;
    await sql`create trigger dawdle before insert on users for each row execute function dawdle()`;
    const people = [user('a'), user('b')];
    const imports = await Promise.all([
      load({ 'users.jsonl': people }),
      load({ 'users.jsonl': people.toReversed() }),
    ]);
    const added = imports.map(({ summary }) => summary['users']?.added ?? 0);
    expect(added.toSorted((one, other) => one - other)).toEqual([0, 2]);
  });

  it('writes what changed, once, and makes it a new version', async () => {
    const { load, sql } = await createWorkspace();
    await load({ 'posts.jsonl': [post('a'), post('b')] });
    const { summary } = await load({ 'posts.jsonl': [post('a', { title: 'Corrected' }), post('b')] });
    expect(summary['posts']).toEqual({ ...all('changed', 1), unchanged: 1 });
    expect(await sql`select slug, title, version from posts order by slug`).toEqual([
      { slug: 'a', title: 'Corrected', version: 2 },
      { slug: 'b', title: 'Post b', version: 1 },
    ]);
  });

  it('a change of anything that a post says is a new version', async () => {
    const { load, sql } = await createWorkspace();
    const changes = {
      authors: { author_ids: ['two', 'one'] },
      tags: { tags: ['b', 'a'] },
      body: { body: 'Rewritten.' },
      summary: { summary: null },
      language: { lang: 'de' },
      date: { published_at: '2026-03-01T12:00:01Z' },
      format: { body_format: 'html' },
      translations: { translation_group: 'other' },
    };
    const before = {
      author_ids: ['one', 'two'],
      tags: ['a', 'b'],
      summary: 'Short.',
      translation_group: 'group',
    };
    const people = { 'authors.jsonl': [author('one'), author('two')] };
    await load({ ...people, 'posts.jsonl': ['same', ...Object.keys(changes)].map((id) => post(id, before)) });
    const after = [
      post('same', before),
      ...Object.entries(changes).map(([id, change]) => post(id, { ...before, ...change })),
    ];
    const { summary } = await load({ ...people, 'posts.jsonl': after });
    expect(summary['posts']).toEqual({ ...all('unchanged', 1), changed: after.length - 1 });
    expect(
      await sql`select external_id from posts where version = 2 and updated_at > created_at order by 1`,
    ).toEqual(
      Object.keys(changes)
        .toSorted()
        .map((id) => ({ external_id: id })),
    );
    const again = await load({ ...people, 'posts.jsonl': after });
    expect(again.summary['posts']).toEqual(all('unchanged', after.length));
  });

  it('a slug is stored in the normal form in which it is looked up', async () => {
    const { load, sql } = await createWorkspace();
    await load({ 'posts.jsonl': [post('a', { slug: 'e\u0301te\u0301' })] });
    expect(await sql`select slug from posts`).toEqual([{ slug: '\u00e9t\u00e9' }]);
  });

  it('the slug stays what it was, so that addresses go on working', async () => {
    const { load, sql } = await createWorkspace();
    await load({ 'posts.jsonl': [post('a', { slug: 'first' })] });
    await load({ 'posts.jsonl': [post('a', { slug: 'second', title: 'New' })] });
    expect(await sql`select slug, title from posts`).toEqual([{ slug: 'first', title: 'New' }]);
  });

  it('what was decided here stays', async () => {
    const { load, sql } = await createWorkspace();
    const files = {
      ...talkOf(comment('hidden'), comment('edited'), comment('plain')),
      'authors.jsonl': [author('claimed'), author('promoted')],
      'coverages.jsonl': [coverage('flight'), coverage('reopened')],
      'live.jsonl': [entry('retracted', 'flight'), entry('pinned', 'flight')],
      'posts.jsonl': [post('news'), post('archived')],
    };
    await load(files);
    await sql`update posts set status = 'ARCHIVED' where external_id = 'archived'`;
    await sql`update comments set state = 'HIDDEN' where external_id = 'hidden'`;
    await sql`update comments set body = 'Mine.', edited_at = now() where external_id = 'edited'`;
    await sql`update coverage_entries set retracted_at = now() where external_id = 'retracted'`;
    await sql`update coverage_entries set is_pinned = true where external_id = 'pinned'`;
    await sql`update coverages set status = 'LIVE', ended_at = null where external_id = 'reopened'`;
    await sql`update users set email = 'me@example.com', name = 'Me' where external_id = 'claimed'`;
    await sql`update users set role = 'EDITOR', name = 'Ed' where external_id = 'promoted'`;

    const { summary } = await load({
      ...talkOf(
        comment('hidden', { body: '!' }),
        comment('edited', { body: '!' }),
        comment('plain', { body: '!' }),
      ),
      'authors.jsonl': [author('claimed', { name: '!' }), author('promoted', { name: '!' })],
      'coverages.jsonl': [
        coverage('flight'),
        coverage('reopened', { last_entry_at: '1970-01-01T00:00:00Z' }),
      ],
      'live.jsonl': [entry('retracted', 'flight', { text: '!' }), entry('pinned', 'flight', { text: '!' })],
      'posts.jsonl': [post('news'), post('archived', { title: '!' })],
    });
    expect(summary['comments']).toEqual({ ...all('unchanged', 2), changed: 1 });
    expect(summary['live']).toEqual({ ...all('unchanged', 1), changed: 1 });
    expect(await sql`select title, status from posts where external_id = 'archived'`).toEqual([
      { title: 'Post archived', status: 'ARCHIVED' },
    ]);
    expect(await sql`select external_id, body, state from comments order by 1`).toEqual([
      { external_id: 'edited', body: 'Mine.', state: 'VISIBLE' },
      { external_id: 'hidden', body: 'Comment hidden.', state: 'HIDDEN' },
      { external_id: 'plain', body: '!', state: 'VISIBLE' },
    ]);
    expect(await sql`select external_id, body, is_pinned from coverage_entries order by 1`).toEqual([
      { external_id: 'pinned', body: '!', is_pinned: true },
      { external_id: 'retracted', body: 'Entry retracted.', is_pinned: false },
    ]);
    expect(await sql`select status, ended_at from coverages where external_id = 'reopened'`).toEqual([
      { status: 'LIVE', ended_at: null },
    ]);
    expect(await sql`select name from users where external_id in ('claimed', 'promoted') order by 1`).toEqual(
      [{ name: 'Ed' }, { name: 'Me' }],
    );
  });

  it('one id among authors and users is one account, with the name of the author', async () => {
    const { load, sql } = await createWorkspace();
    const files = { 'authors.jsonl': [author('x')], 'users.jsonl': [user('x')] };
    await load(files);
    const { summary } = await load(files);
    expect(summary).toEqual({ authors: all('unchanged', 1), users: all('unchanged', 1) });
    expect(await sql`select name, role from users`).toEqual([{ name: 'Author x', role: 'AUTHOR' }]);
  });

  it('comments and entries keep their places, and a record that moves one is rejected', async () => {
    const { load, sql } = await createWorkspace();
    const places = {
      'posts.jsonl': [post('news'), post('other')],
      'discussions.jsonl': [discussion('talk', 'news'), discussion('else', 'other')],
      'coverages.jsonl': [coverage('one'), coverage('two')],
      'live.jsonl': [entry('e', 'one')],
    };
    await load({ ...talkOf(comment('a'), comment('b'), comment('c', { parent_id: 'a' })), ...places });
    const { rejected } = await load({
      ...talkOf(
        comment('a', { discussion_id: 'else' }),
        comment('b', { parent_id: 'c' }),
        comment('c', { parent_id: null }),
      ),
      ...places,
      'live.jsonl': [entry('e', 'two')],
      'discussions.jsonl': [discussion('talk', 'other'), discussion('else', 'other')],
    });
    expect(rejected).toEqual([
      'live.jsonl:1: coverage_id: the entry is here in another coverage and stays there',
      'discussions.jsonl:1: suggested_post_id: the discussion is here under another post and stays there',
      'comments.jsonl:1: discussion_id: the comment is here under another post and stays there',
      'comments.jsonl:2: parent_id: the comment is here in another place and stays there',
      'comments.jsonl:3: parent_id: the comment is here in another place and stays there',
    ]);
    expect(await wrongCounters(sql)).toEqual([]);
  });

  it('a discussion that had no post takes its comments along once it has one', async () => {
    const { load, sql } = await createWorkspace();
    const files = talkOf(comment('a'));
    const first = await load({ ...files, 'discussions.jsonl': [discussion('talk', null)] });
    expect(first.summary['discussions']).toEqual(all('skipped', 1));
    expect(first.summary['comments']).toEqual(all('skipped', 1));
    expect(first.rejected).toEqual([]);
    const second = await load(files);
    expect(second.summary['comments']).toEqual(all('added', 1));
    expect(await wrongCounters(sql)).toEqual([]);
  });

  it('new replies to comments that are here are counted', async () => {
    const { load, sql } = await createWorkspace();
    await load(talkOf(comment('a')));
    await load(talkOf(comment('a'), comment('b', { parent_id: 'a' }), comment('c', { parent_id: 'b' })));
    expect(await sql`select external_id, depth, reply_count from comments order by 1`).toEqual([
      { external_id: 'a', depth: 0, reply_count: 1 },
      { external_id: 'b', depth: 1, reply_count: 1 },
      { external_id: 'c', depth: 2, reply_count: 0 },
    ]);
    expect(await wrongCounters(sql)).toEqual([]);
  });

  it('every file of the set may be missing', async () => {
    const { load } = await createWorkspace();
    const { 'comments.jsonl': comments, ...rest } = talkOf(comment('a'));
    await load(rest);
    const { summary } = await load(await writeFolder({ 'comments.jsonl': comments }));
    expect(summary).toEqual({ comments: all('added', 1) });
  });
});
