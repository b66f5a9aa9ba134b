import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ImportError } from '../../src/modules/imports/public.js';
import { comment, post, talkOf, user } from './records.js';
import { all, createWorkspace, wrongCounters, writeFolder } from './workspace.js';

const line = (record: object): string => JSON.stringify(record);

describe('a file', () => {
  const good = [post('a', { body: 'One\u2028line\u2029here' }), post('b')];

  it.each([
    ['ends its lines like Windows', good.map((record) => `${line(record)}\r\n`).join('')],
    ['begins with a byte order mark', `\uFEFF${good.map((record) => `${line(record)}\n`).join('')}`],
    ['has blank lines', `\n${good.map((record) => `${line(record)}\n \n\r\n`).join('')}`],
    ['has no end of the last line', good.map(line).join('\n')],
  ])('that %s is loaded whole', async (_, content) => {
    const { load, sql } = await createWorkspace();
    const { summary, rejected } = await load({ 'posts.jsonl': content });
    expect(rejected).toEqual([]);
    expect(summary).toEqual({ posts: all('added', 2) });
    expect(await sql`select body from posts where external_id = 'a'`).toEqual([
      { body: 'One\u2028line\u2029here' },
    ]);
  });

  it.each([
    ['posts.jsonl', Buffer.of()],
    ['posts.jsonl.gz', gzipSync('')],
  ])('that is empty (%s) is no fault', async (name, content) => {
    const { load } = await createWorkspace();
    const { summary, rejected } = await load({ [name]: content });
    expect(summary).toEqual({ posts: all('added', 0) });
    expect(rejected).toEqual([]);
  });

  it.each([
    ['breaks off', (whole: Buffer) => whole.subarray(0, whole.length - 40)],
    ['is damaged at the end', (whole: Buffer) => Buffer.concat([whole.subarray(0, -8), Buffer.alloc(8, 1)])],
  ])('that is compressed and %s is loaded up to there, and told', async (_, damage) => {
    const { load, sql } = await createWorkspace();
    // Enough of what does not compress, so that the damage is far from the beginning.
    const posts = Array.from({ length: 300 }, (__, place) =>
      post(`p${place}`, {
        body: Array.from({ length: 60 }, (___, word) => (place * 7919 + word * 104_729).toString(36)).join(
          ' ',
        ),
      }),
    );
    const whole = gzipSync(posts.map((record) => `${line(record)}\n`).join(''));
    const { summary, rejected } = await load({ 'posts.jsonl.gz': damage(whole) });
    const added = summary['posts']?.added ?? 0;
    expect(added).toBeGreaterThan(100);
    expect(await sql`select count(*)::int from posts`).toEqual([{ count: added }]);
    expect(rejected).toHaveLength(1);
    expect(rejected[0]).toMatch(
      new RegExp(`^posts\\.jsonl\\.gz:${added + 1}: cannot be read, nor what follows it: `),
    );
  });

  it('that is a folder is told, and the others are loaded', async () => {
    const { load } = await createWorkspace();
    const { rejected, summary } = await load({ 'posts.jsonl/inside': '', 'users.jsonl': [user('ann')] });
    expect(rejected).toEqual([expect.stringMatching(/^posts\.jsonl:1: cannot be read, .*EISDIR/) as string]);
    expect(summary['users']).toEqual(all('added', 1));
  });
});

describe('a record that comes twice', () => {
  it('is added, then changed: the last one stays, wherever the batches part', async () => {
    const { load, sql } = await createWorkspace();
    const crowd = Array.from({ length: 1_500 }, (_, place) => user(`u${place}`));
    const { summary } = await load({
      'users.jsonl': [
        user('ann', { handle: 'One' }),
        user('ann', { handle: 'Two' }),
        ...crowd,
        user('ann', { handle: 'Three' }),
        user('u1499', { handle: 'Last' }),
        user('u0'),
      ],
    });
    expect(summary['users']).toEqual({ ...all('added', 1_501), changed: 3, unchanged: 1 });
    expect(
      await sql`select username, name from users where external_id in ('ann', 'u1499') order by 1`,
    ).toEqual([
      { username: 'one', name: 'Three' },
      { username: 'user-u1499', name: 'Last' },
    ]);
  });

  it('is counted once on its post, however often it comes', async () => {
    const { load, sql } = await createWorkspace();
    const { summary } = await load(
      talkOf(comment('a'), comment('a'), comment('b', { parent_id: 'a' }), comment('b', { parent_id: 'a' })),
    );
    expect(summary['comments']).toEqual({ ...all('added', 2), unchanged: 2 });
    expect(await wrongCounters(sql)).toEqual([]);
  });
});

describe('replies before what they answer', () => {
  it('find their places, in the order of the file within a minute', async () => {
    const { load, sql } = await createWorkspace();
    const ids = Array.from({ length: 2_300 }, (_, place) => `c${String(place).padStart(4, '0')}`);
    // A chain of 100 and its like, all of one minute, the deepest reply first.
    const backwards = ids.map((id, place) =>
      comment(id, { parent_id: place % 100 === 99 ? null : (ids[place + 1] ?? null) }),
    );
    const { summary, rejected } = await load(talkOf(...backwards));
    expect(rejected).toEqual([]);
    expect(summary['comments']).toEqual(all('added', 2_300));
    expect(await wrongCounters(sql)).toEqual([]);
    expect(
      (await sql`select external_id from comments order by created_at, id`).map(
        (row) => row['external_id'] as string,
      ),
    ).toEqual(ids);
    expect(await sql`select max(depth) from comments`).toEqual([{ max: 99 }]);
  });
});

describe('a folder that cannot be imported', () => {
  it('is told when it holds nothing of ours', async () => {
    const { load } = await createWorkspace();
    await expect(load({ 'notes.txt': 'nothing' })).rejects.toThrow(
      /holds nothing to import: neither authors\.jsonl, .* nor Markdown files/,
    );
  });

  it('is told when it does not exist', async () => {
    const { load } = await createWorkspace();
    await expect(load('/nonexistent/folder')).rejects.toThrow(
      /^\/nonexistent\/folder cannot be read: ENOENT/,
    );
  });

  it('is told when it is a file', async () => {
    const { load } = await createWorkspace();
    const folder = await writeFolder({ 'posts.jsonl': '' });
    await expect(load(`${folder}/posts.jsonl`)).rejects.toThrow(ImportError);
  });

  it('is told when it holds a file twice', async () => {
    const { load } = await createWorkspace();
    await expect(load({ 'posts.jsonl': '', 'posts.jsonl.gz': '' })).rejects.toThrow(
      'holds both posts.jsonl and posts.jsonl.gz',
    );
  });
});
