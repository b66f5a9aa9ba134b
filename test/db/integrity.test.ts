import postgres from 'postgres';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '../../src/db/migrate.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';

describe('the database', () => {
  let database: TestDatabase;
  let sql: postgres.Sql;
  beforeAll(async () => {
    database = await createTestDatabase();
    sql = postgres(database.url, { max: 4, onnotice: () => undefined });
  });
  afterAll(async () => {
    await sql.end();
    await database.drop();
  });

  const addUser = async (): Promise<string> => {
    const id = v7();
    await sql`insert into users (id, username, name) values (${id}, ${id}, 'Somebody')`;
    return id;
  };
  const addPost = async (status = 'PUBLISHED'): Promise<string> => {
    const id = v7();
    await sql`insert into posts (id, slug, title, language, status, published_at, body, body_format, body_html, body_text, renderer_version)
      values (${id}, ${id}, 'A title', 'en', ${status}, ${status === 'DRAFT' ? null : new Date()}, '', 'TEXT', '', '', 1)`;
    return id;
  };
  const addComment = async (
    postId: string,
    parentId: string | null,
    depth = parentId === null ? 0 : 1,
  ): Promise<string> => {
    const id = v7();
    await sql`insert into comments (id, post_id, parent_id, depth, language, body, body_format, body_html, body_text, renderer_version)
      values (${id}, ${postId}, ${parentId}, ${depth}, 'en', 'Hello', 'TEXT', '', '', 1)`;
    return id;
  };

  it('refuses a reply to a comment of another post', async () => {
    const comment = await addComment(await addPost(), null);
    await expect(addComment(await addPost(), comment)).rejects.toThrow(/comments_parent_in_same_post/);
  });

  it('refuses a depth that does not fit the parent', async () => {
    const post = await addPost();
    await expect(addComment(post, null, 1)).rejects.toThrow(/comments_depth_of_parent/);
    await expect(addComment(post, await addComment(post, null), 0)).rejects.toThrow(
      /comments_depth_of_parent/,
    );
  });

  it('refuses a published post without a date', async () => {
    const post = await addPost('DRAFT');
    await expect(sql`update posts set status = 'PUBLISHED' where id = ${post}`).rejects.toThrow(
      /posts_published_at_known/,
    );
  });

  it('refuses a reaction to nothing, to two things, and a second one of a kind', async () => {
    const [user, post] = [await addUser(), await addPost()];
    const comment = await addComment(post, null);
    const react = (postId: string | null, commentId: string | null) =>
      sql`insert into reactions (post_id, comment_id, kind, user_id) values (${postId}, ${commentId}, 'LIKE', ${user})`;
    await expect(react(null, null)).rejects.toThrow(/subject_id|reactions_one_subject/);
    await expect(react(post, comment)).rejects.toThrow(/reactions_one_subject/);
    await react(post, null);
    await react(null, comment);
    await expect(react(post, null)).rejects.toThrow(/reactions_subject_id_user_id_kind_pk/);
  });

  it('refuses a second coverage of a post, a second post of a slug and a second account of a name', async () => {
    const post = await addPost();
    const cover = () => sql`insert into coverages (id, post_id) values (${v7()}, ${post})`;
    await cover();
    await expect(cover()).rejects.toThrow(/coverages_post/);
    await expect(sql`update posts set slug = ${post} where id = ${await addPost()}`).rejects.toThrow(
      /belongs to another post/,
    );
    const user = await addUser();
    await expect(sql`update users set username = ${user} where id = ${await addUser()}`).rejects.toThrow(
      /users_username/,
    );
  });

  it('takes the copies of the place in public lists along, whoever writes', async () => {
    const [user, post] = [await addUser(), await addPost('DRAFT')];
    await sql`insert into post_authors (post_id, position, user_id) values (${post}, 0, ${user})`;
    await sql`insert into coverages (id, post_id) values (${v7()}, ${post})`;
    const places = async (): Promise<unknown[]> => {
      const rows = await sql`
        select listed_at from posts where id = ${post} union all
        select listed_at from post_authors where post_id = ${post} union all
        select listed_at from coverages where post_id = ${post}`;
      return rows.map((row) => (row['listed_at'] as Date | null)?.toISOString() ?? null);
    };
    expect(await places()).toEqual([null, null, null]);
    const day = '2026-01-02T03:04:05.678Z';
    await sql`update posts set status = 'PUBLISHED', published_at = ${day} where id = ${post}`;
    expect(await places()).toEqual([day, day, day]);
    await sql`update posts set status = 'ARCHIVED' where id = ${post}`;
    expect(await places()).toEqual([null, null, null]);
  });

  it('lets no author that is added while a post is published miss its place', async () => {
    const [user, post] = [await addUser(), await addPost('DRAFT')];
    const day = '2026-01-02T03:04:05.678Z';
    let added: Promise<unknown> | undefined;
    await sql.begin(async (publishing) => {
      await publishing`update posts set status = 'PUBLISHED', published_at = ${day} where id = ${post}`;
      // Waits for the publication to commit: the share lock of the trigger.
      added =
        sql`insert into post_authors (post_id, position, user_id) values (${post}, 0, ${user})`.execute();
      await publishing`select pg_sleep(0.2)`;
    });
    await added;
    const [row] = await sql`select listed_at from post_authors where post_id = ${post}`;
    expect(row).toEqual({ listed_at: new Date(day) });
  });

  it('is migrated once, however many instances start together, and a second time changes nothing', async () => {
    const fresh = await createTestDatabase();
    const admin = postgres(fresh.url, { max: 1, onnotice: () => undefined });
    try {
      await admin.unsafe('drop schema public cascade; create schema public');
      await Promise.all([migrateDatabase(fresh.url), migrateDatabase(fresh.url), migrateDatabase(fresh.url)]);
      const [first] = await admin`select count(*)::int as count from migrations`;
      await migrateDatabase(fresh.url);
      const [second] = await admin`select count(*)::int as count from migrations`;
      expect(second).toEqual(first);
    } finally {
      await admin.end();
      await fresh.drop();
    }
  });

  it('takes any text into search, however long and odd', async () => {
    const post = await addPost();
    const odd = [
      'x'.repeat(900_000),
      Array.from({ length: 120_000 }, (_, place) => `w${place}`).join(' '),
      Array.from({ length: 200_000 }, (_, place) =>
        String.fromCodePoint(0x4e00 + ((place * 7) % 20_000)),
      ).join(''),
      'http://example.org/a/b?c=d '.repeat(30_000),
      '\\ \' " : & | ! ( ) * <->'.repeat(1_000),
    ];
    for (const text of odd) {
      await sql`update posts set body_text = ${text}, title = ${text.slice(0, 300)} where id = ${post}`;
    }
    const [row] = await sql`select search is not null as indexed from posts where id = ${post}`;
    expect(row).toEqual({ indexed: true });
  });
});
