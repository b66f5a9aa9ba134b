import { setTimeout as delay } from 'node:timers/promises';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { openDatabase } from '../../src/db/client.js';
import { importFolder } from '../../src/modules/imports/public.js';
import { createBodyRenderer } from '../../src/render/pool.js';
import { templateOf } from './globalSetup.js';

/** The real publication. It is beside the checkout where the product is made, and nowhere else. */
export const SHARED_DATA = fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** Whether the real publication is here; tests that need it say in their names that they skip without it. */
export const hasSharedData = existsSync(SHARED_DATA);

/** The end of the name of a test that needs the real publication. */
export const needsSharedData = hasSharedData ? '' : ' (skipped: ../shared/data is not here)';

const urlOf = (database: string): string => {
  const url = new URL(inject('serverUrl'));
  url.pathname = `/${database}`;
  return url.href;
};

/** A database of a test file's own. */
export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

async function onServer<Result>(work: (admin: postgres.Sql) => Promise<Result>): Promise<Result> {
  const admin = postgres(inject('serverUrl'), { max: 1, onnotice: () => undefined });
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** A database without anything in it, tables included. */
export const createEmptyDatabase = (): Promise<TestDatabase> => createDatabase('');

/** An empty, migrated database. */
export const createTestDatabase = (): Promise<TestDatabase> =>
  createDatabase(`template ${templateOf(inject('databasePrefix'))}`);

async function createDatabase(from: string): Promise<TestDatabase> {
  const name = `${inject('databasePrefix')}_${randomBytes(6).toString('hex')}`;
  await onServer((admin) => admin.unsafe(`create database ${name} ${from}`));
  return {
    url: urlOf(name),
    drop: async () => {
      await dropDatabase(name);
    },
  };
}

/** Drops a database, whoever is connected; autovacuum may not be sent away, but it goes by itself. */
async function dropDatabase(name: string): Promise<void> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      await onServer((admin) => admin.unsafe(`drop database if exists ${name} with (force)`));
      return;
    } catch (error) {
      const isBusy = error instanceof postgres.PostgresError && error.code === '42501';
      if (!isBusy || attempts === 20) throw error;
      await delay(500);
    }
  }
}

/** The administrator of the real publication, and their open session. */
export const ADMINISTRATOR = {
  userId: '00000000-0000-4000-8000-0000000000ad',
  sessionId: '00000000-0000-4000-8000-0000000005e5',
};

/** An account that has something in every list of its own. */
async function addAdministrator(database: string): Promise<void> {
  const sql = postgres(urlOf(database), { max: 1, onnotice: () => undefined });
  const { userId, sessionId } = ADMINISTRATOR;
  await sql`insert into users (id, username, name, role) values (${userId}, 'administrator-of-the-tests', 'The administrator', 'ADMIN')`;
  await sql`insert into sessions (id, user_id, refresh_digest, expires_at)
    values (${sessionId}, ${userId}, ${randomBytes(32)}, now() + interval '1 day')`;
  await sql`insert into tag_follows (follower_id, tag_id)
    select ${userId}, tag_id from post_tags group by tag_id order by count(*) desc, tag_id limit 20`;
  await sql`insert into user_follows (follower_id, user_id)
    select ${userId}, user_id from post_authors group by user_id order by count(*) desc, user_id limit 20`;
  await sql`insert into bookmarks (user_id, post_id)
    select ${userId}, id from posts where listed_at is not null order by listed_at desc, id limit 200`;
  await sql`insert into post_revisions (post_id, version, slug, title, language, tags, body, body_format, editor_id, created_at)
    select id, number, slug, title, language, '{}', body, body_format, ${userId}, now()
    from posts, generate_series(1, 3) as number where listed_at is not null order by listed_at desc, id limit 600`;
  await sql`insert into posts (id, slug, title, language, status, body, body_format, body_html, body_text, renderer_version)
    select gen_random_uuid(), 'draft-' || number, 'A draft', 'en', 'DRAFT', '', 'MARKDOWN', '', '', 1
    from generate_series(1, 150) as number`;
  await sql`insert into comments (id, post_id, depth, author_id, state, language, body, body_format, body_html, body_text, renderer_version)
    select gen_random_uuid(), post_id, 0, ${userId}, 'PENDING', 'en', 'Waits', 'MARKDOWN', '', '', 1 from (select post_id from comments group by post_id order by count(*) desc limit 150) as discussed`;
  await sql`insert into comment_reports (comment_id, reporter_id, reason) select id, ${userId}, 'Look' from comments where state = 'PENDING'`;
  await sql`update comments set report_count = 1 where state = 'PENDING'`;
  await sql`insert into audit_log (id, actor_id, action, operation, subject_type, subject_id, user_id, details)
    select gen_random_uuid(), ${userId}, 'COMMENT_MODERATE', 'setCommentState', 'Comment', id, author_id, '{}'
    from comments order by id limit 2000`;
  await sql.end();
}

/** A draft of which every topic has heard more than a page; operations name it by its id. */
const EVENTFUL_POST = '00000000-0000-4000-8000-0000000000e0';

/** Streams to catch up with: those of a draft, and that of the published posts. */
async function addEvents(database: string): Promise<void> {
  const sql = postgres(urlOf(database), { max: 1, onnotice: () => undefined });
  const { userId } = ADMINISTRATOR;
  const text = sql`'en', 'Text', 'MARKDOWN', '', '', 1`;
  await sql`insert into posts (id, slug, title, status, comment_count, language, body, body_format, body_html, body_text, renderer_version)
    values (${EVENTFUL_POST}, 'eventful', 'An eventful draft', 'DRAFT', 150, ${text})`;
  await sql`insert into comments (id, post_id, depth, author_id, state, language, body, body_format, body_html, body_text, renderer_version)
    select gen_random_uuid(), ${EVENTFUL_POST}, 0, ${userId}, 'VISIBLE', ${text} from generate_series(1, 150)`;
  await sql`insert into coverages (id, post_id, status, started_at, entry_count) values (${EVENTFUL_POST}, ${EVENTFUL_POST}, 'LIVE', now(), 150)`;
  await sql`insert into coverage_entries (id, coverage_id, occurred_at, language, body, body_format, body_html, body_text, renderer_version)
    select gen_random_uuid(), ${EVENTFUL_POST}, now(), ${text} from generate_series(1, 150)`;
  const place = sql`row_number() over ()`;
  const listing = sql`'status', 'PUBLISHED', 'authors', '[]'::jsonb, 'tags', '[]'::jsonb, 'language', 'en', 'hasCoverage', false, 'publishedAt', '2026-01-01T00:00:00.000Z'`;
  const facts = sql`jsonb_build_object('postId', id, 'version', 1, 'authorIds', '[]'::jsonb, 'previous', null, ${listing})`;
  await sql`insert into events (topic, seq, type, payload, created_at)
    select 'posts', ${place}, 'post.published', ${facts}, now()
    from (select id from posts where listed_at is not null order by listed_at desc, id limit 150) as published`;
  await sql`insert into events (topic, seq, type, payload, created_at)
    select 'post:' || id, ${place}, 'post.updated', ${facts}, now()
    from posts, generate_series(1, 150) where id = ${EVENTFUL_POST}`;
  await sql`insert into events (topic, seq, type, payload, created_at)
    select 'post:' || post_id || ':comments', ${place}, 'comment.added', jsonb_build_object('commentId', id,
      'postId', post_id, 'parentId', null, 'authorId', author_id, 'state', 'VISIBLE', 'previousState', null, 'version', 1,
      'listed', true, 'previouslyListed', false), now() from comments where post_id = ${EVENTFUL_POST}`;
  await sql`insert into events (topic, seq, type, payload, created_at)
    select 'post:' || coverage_id || ':coverage', ${place}, 'entry.added', jsonb_build_object('entryId', id,
      'postId', coverage_id, 'coverageId', coverage_id, 'version', 1, 'isKey', false, 'isPinned', false,
      'retracted', false, 'wasRetracted', false), now() from coverage_entries where coverage_id = ${EVENTFUL_POST}`;
  await sql`insert into topics (name, head) select topic, max(seq) from events group by topic`;
  await sql.end();
}

// Any constant: files that ask at the same time wait for the one that imports.
const REAL_LOCK = 4_711;

/**
 * The database with the whole real publication, imported once for a run by whichever file asks first. Read only: all
 * files share it.
 */
export async function realDatabaseUrl(): Promise<string> {
  const prefix = inject('databasePrefix');
  const real = `${prefix}_real`;
  await onServer(async (admin) => {
    await admin`select pg_advisory_lock(${REAL_LOCK})`;
    const [ready] = await admin`select 1 from pg_database where datname = ${real}`;
    if (ready) return;
    const building = `${real}_building`;
    await admin.unsafe(`drop database if exists ${building} with (force)`);
    await admin.unsafe(`create database ${building} template ${templateOf(prefix)}`);
    const database = openDatabase({ url: urlOf(building), poolSize: 4, statementTimeout: 0 });
    const renderer = createBodyRenderer();
    try {
      await importFolder({ db: database.db, renderer }, SHARED_DATA);
      await addAdministrator(building);
      await addEvents(building);
    } finally {
      await renderer.close();
      await database.close();
    }
    await admin.unsafe(`alter database ${building} rename to ${real}`);
  });
  return urlOf(real);
}
