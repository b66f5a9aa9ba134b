import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { author, comment, coverage, discussion, entry, post, talkOf, user } from './records.js';
import {
  all,
  createWorkspace,
  type Loaded,
  openWorkspace,
  type Workspace,
  wrongCounters,
} from './workspace.js';

const line = (record: object): string => JSON.stringify(record);
const LONGEST = 8 * 2 ** 20;

/** What stands between two good posts, and why it is rejected. */
const CASES: readonly (readonly [about: string, line: string | Buffer, reason: RegExp])[] = [
  ['text', 'not JSON', /^is not JSON: /],
  ['half a line', line(post('x')).slice(0, 40), /^is not JSON: /],
  ['a number', '42', /^record: .*expected object/],
  ['null', 'null', /^record: .*expected object/],
  ['a list', '[]', /^record: .*expected object/],
  ['no id', line({ ...post('x'), id: undefined }), /^id: /],
  ['an empty id', line({ ...post('x'), id: '' }), /^id: /],
  ['an id that no index takes', line(post('x'.repeat(301))), /^id: /],
  ['no language', line({ ...post('x'), lang: undefined }), /^lang: /],
  [
    'a language that is none',
    line(post('x', { lang: 'English (US)' })),
    /^lang: is not a BCP 47 language tag$/,
  ],
  ['an unknown format', line(post('x', { body_format: 'rst' })), /^body_format: /],
  ['a body that is no text', line(post('x', { body: 7 })), /^body: .*expected string/],
  ['two faults', line(post('x', { body: 7, tags: 'a' })), /^tags: .*; body: /],
  [
    'a day without a time',
    line(post('x', { published_at: '2026-03-01' })),
    /^published_at: is not an RFC 3339 moment$/,
  ],
  [
    '30 February',
    line(post('x', { published_at: '2026-02-30T00:00:00Z' })),
    /^published_at: is not an RFC 3339 moment$/,
  ],
  ['the year 12026', line(post('x', { published_at: '+012026-01-01T00:00:00Z' })), /^published_at: /],
  [
    'an unknown author',
    line(post('x', { author_ids: ['nobody'] })),
    /^author_ids: "nobody" is no author here$/,
  ],
  ['a NUL', line(post('x', { title: 'a\0b' })), /^holds a NUL or half of a surrogate pair/],
  [
    'half of a surrogate pair',
    line(post('x', { body: 'a\uD83Db' })),
    /^holds a NUL or half of a surrogate pair/,
  ],
  ['Latin-1', Buffer.from(line(post('x', { title: 'café' })), 'latin1'), /^is not UTF-8$/],
  ['a line over 8 MiB', line(post('x', { body: 'x'.repeat(LONGEST) })), /^is longer than 8388608 bytes$/],
];

describe('a line that cannot be loaded', () => {
  describe('among good ones', () => {
    let workspace: Workspace;
    let loaded: Loaded;
    beforeAll(async () => {
      workspace = await openWorkspace();
      const lines = CASES.flatMap(([, bad], place) => [
        Buffer.from(bad),
        Buffer.from(`\n${line(post(`good-${place}`))}\n`),
      ]);
      loaded = await workspace.load({ 'posts.jsonl': Buffer.concat(lines) });
    });
    afterAll(() => workspace.close());

    it.each(CASES.map(([about, , reason], place) => ({ about, reason, number: 2 * place + 1 })))(
      '$about is rejected with its file, line and reason',
      ({ reason, number }) => {
        const place = `posts.jsonl:${number}: `;
        const told = loaded.rejected.filter((rejection) => rejection.startsWith(place));
        expect(told.map((rejection) => rejection.slice(place.length))).toEqual([
          expect.stringMatching(reason),
        ]);
      },
    );

    it('leaves the rest to be loaded', async () => {
      const { length } = CASES;
      expect(loaded.summary).toEqual({ posts: { ...all('added', length), rejected: length } });
      expect(await workspace.sql`select count(*)::int from posts where external_id like 'good-%'`).toEqual([
        { count: length },
      ]);
    });
  });

  it('a record that names what is not here is rejected, whatever its kind', async () => {
    const { load, sql } = await createWorkspace();
    const { rejected, summary } = await load({
      ...talkOf(
        comment('no-talk', { discussion_id: 'nowhere' }),
        comment('no-user', { user_id: 'nobody' }),
        comment('no-parent', { parent_id: 'nothing' }),
        comment('under-it', { parent_id: 'no-parent' }),
        comment('good'),
      ),
      'live.jsonl': [entry('e', 'nowhere')],
      'authors.jsonl': [author('ok'), author('bad', { name: ' ' })],
      'users.jsonl': [user('ann'), user('bad', { handle: 'x'.repeat(201) })],
      'coverages.jsonl': [coverage('news'), coverage('backwards', { first_entry_at: 'yesterday' })],
    });
    expect(rejected.map((told) => told.replace(/Too .*|Invalid .*/, '...'))).toEqual([
      'authors.jsonl:2: name: ...',
      'users.jsonl:2: handle: ...',
      'coverages.jsonl:2: first_entry_at: is not an RFC 3339 moment',
      'coverages.jsonl:1: id: "news" is the id of a post as well',
      'live.jsonl:1: coverage_id: "nowhere" is no coverage here',
      'comments.jsonl:1: discussion_id: "nowhere" is no discussion here',
      'comments.jsonl:2: user_id: "nobody" is no user here',
      'comments.jsonl:3: parent_id: "nothing" is no comment that could be loaded',
      'comments.jsonl:4: parent_id: "no-parent" is no comment that could be loaded',
    ]);
    expect(summary['comments']).toEqual({ ...all('added', 1), rejected: 4 });
    expect(await wrongCounters(sql)).toEqual([]);
  });

  it('comments that answer each other in a circle are rejected, and what hangs on them', async () => {
    const { load } = await createWorkspace();
    const { rejected, summary } = await load(
      talkOf(
        comment('a', { parent_id: 'c' }),
        comment('b', { parent_id: 'a' }),
        comment('c', { parent_id: 'b' }),
        comment('self', { parent_id: 'self' }),
        comment('leaf', { parent_id: 'c' }),
        comment('good'),
      ),
    );
    expect(rejected.map((told) => told.split(':')[1])).toEqual(['1', '2', '3', '4', '5']);
    expect(summary['comments']).toEqual({ ...all('added', 1), rejected: 5 });
  });

  it('a reply to a comment on another post is rejected', async () => {
    const { load } = await createWorkspace();
    const { rejected } = await load({
      ...talkOf(comment('a'), comment('b', { parent_id: 'a', discussion_id: 'else' })),
      'posts.jsonl': [post('news'), post('other')],
      'discussions.jsonl': [discussion('talk', 'news'), discussion('else', 'other')],
    });
    expect(rejected).toEqual(['comments.jsonl:2: parent_id: "a" is a comment on another post']);
  });

  it('what only PostgreSQL refuses stays out alone, in its words', async () => {
    const { load, sql } = await createWorkspace();
    await sql`alter table posts add constraint no_tigers check (title <> 'Tiger')`;
    const { rejected, summary } = await load({
      'posts.jsonl': [post('a'), post('b', { title: 'Tiger' }), post('c', { tags: ['t'] })],
    });
    expect(summary).toEqual({ posts: { ...all('added', 2), rejected: 1 } });
    expect(rejected).toEqual([
      'posts.jsonl:2: new row for relation "posts" violates check constraint "no_tigers"',
    ]);
  });

  it('a failure that no record has part in ends the import, and the batch leaves nothing behind', async () => {
    const { load, sql } = await createWorkspace();
    await sql`create function fail() returns trigger language plpgsql as
      'begin raise exception ''no more'' using errcode = ''57014''; end'`;
    await sql`create trigger fail after insert on post_tags execute function fail()`;
    await expect(load({ 'posts.jsonl': [post('a', { tags: ['t'] })] })).rejects.toThrow(/^no more$/);
    expect(await sql`select 1 from posts union all select 1 from tags`).toEqual([]);
  });
});
