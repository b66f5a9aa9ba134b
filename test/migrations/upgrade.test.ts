import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { describe, expect, it, onTestFinished } from 'vitest';
import { migrateDatabase } from '../../src/db/migrate.js';
import { createEmptyDatabase } from '../kit/database.js';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

/** The migrations up to the one of this number, in a folder of their own. */
async function migrationsUpTo(number: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tidings-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(MIGRATIONS, folder, { recursive: true });
  const path = join(folder, 'meta/_journal.json');
  const journal = JSON.parse(await readFile(path, 'utf8')) as { entries: { idx: number }[] };
  const entries = journal.entries.filter(({ idx }) => idx <= number);
  await writeFile(path, JSON.stringify({ ...journal, entries }));
  return folder;
}

describe('a database of the version that only read', () => {
  it('comes to the newest schema with everything that was in it', async () => {
    const database = await createEmptyDatabase();
    onTestFinished(() => database.drop());
    const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
    onTestFinished(() => sql.end());
    const old = postgres(database.url, { max: 1, onnotice: () => undefined });
    await migrate(drizzle(old), {
      migrationsFolder: await migrationsUpTo(4),
      migrationsSchema: 'public',
      migrationsTable: 'migrations',
    });
    await old.end();
    const text = {
      language: 'en',
      body: 'x',
      body_format: 'MARKDOWN',
      body_html: 'x',
      body_text: 'x',
      renderer_version: 1,
    };
    for (const [slug, status, publishedAt] of [
      ['old', 'PUBLISHED', new Date(1e12)],
      ['draft', 'DRAFT', null],
      ['later', 'SCHEDULED', new Date(4e12)],
      ['gone', 'ARCHIVED', new Date(1e12)],
    ] as const) {
      await sql`insert into posts ${sql({ id: randomUUID(), slug, title: slug, status, published_at: publishedAt, ...text })}`;
    }

    await migrateDatabase(database.url);

    const posts = await sql`
      select posts.slug, comment_policy, first_published_at is not null as was_published, post_slugs.slug as kept
      from posts join post_slugs on post_id = posts.id order by posts.slug`;
    const post = (slug: string, wasPublished: boolean) => ({
      slug,
      comment_policy: 'OPEN',
      was_published: wasPublished,
      kept: slug,
    });
    expect(posts).toEqual([
      post('draft', false),
      post('gone', true),
      post('later', false),
      post('old', true),
    ]);
    await expect(sql`update posts set slug = 'old' where slug = 'draft'`).rejects.toThrow(
      "slug 'old' belongs to another post",
    );
    await sql`update posts set slug = 'new' where slug = 'old'`;
    await sql`update posts set slug = 'old' where slug = 'new'`;
    await sql`update posts set status = 'PUBLISHED', published_at = now() where slug = 'draft'`;
    const [draft] = await sql`select first_published_at from posts where slug = 'draft'`;
    expect(draft?.['first_published_at']).toBeInstanceOf(Date);
  });
});
