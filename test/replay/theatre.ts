import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { v7 } from 'uuid';
import { afterAll, beforeAll } from 'vitest';
import { createChanges } from '../../src/changes/change.js';
import { createIdempotencyStore } from '../../src/changes/idempotency.js';
import { type DatabaseClient, openDatabase } from '../../src/db/client.js';
import { replayPostId } from '../../src/lib/replayIds.js';
import { type BodyRenderer, createBodyRenderer } from '../../src/render/pool.js';
import { createReplayer, type ReplayerOptions, type ReplayOptions } from '../../src/replay.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';

/** An entry as a test wants it; `at` is in seconds from the beginning. */
export interface Line {
  readonly at: number;
  readonly body?: string;
  readonly format?: 'MARKDOWN' | 'TEXT';
  readonly kind?: 'UTTERANCE' | 'NOTE';
  readonly speaker?: string;
  readonly isKey?: boolean;
  readonly isRetracted?: boolean;
}

/** A coverage in the database. */
export interface Piece {
  readonly id: string;
  readonly externalId: string;
  readonly postId: string;
  readonly slug: string;
  /** The post into which it is replayed. */
  readonly replayId: string;
}

/** A database of its own, and what replays coverages of it. */
export interface Theatre {
  readonly url: string;
  readonly sql: postgres.Sql;
  /** What a replay works with. */
  readonly means: ReplayerOptions;
  /** Plays as fast as it goes, unless told otherwise. */
  play(
    which: string,
    options?: Partial<ReplayOptions>,
  ): ReturnType<ReturnType<typeof createReplayer>['play']>;
  /** Writes a coverage that is over, and its post. */
  write(lines: readonly Line[], post?: { status?: string; language?: string; tag?: string }): Promise<Piece>;
}

const BEGINNING = Date.parse('2026-01-01T10:00:00Z');

async function writePiece(
  sql: postgres.Sql,
  lines: readonly Line[],
  { status = 'PUBLISHED', language = 'en', tag }: { status?: string; language?: string; tag?: string },
): Promise<Piece> {
  const [id, postId] = [v7(), v7()];
  const slug = `piece-${randomBytes(6).toString('hex')}`;
  const externalId = `import:${slug}`;
  await sql`insert into posts (id, external_id, slug, title, summary, language, status, published_at, body, body_format, body_html,
      body_text, renderer_version)
    values (${postId}, ${externalId}, ${slug}, ${`The ${slug}`}, 'In short', ${language}, ${status}, now(), '', 'TEXT', '', '', 1)`;
  await sql`insert into coverages (id, external_id, post_id, status, started_at, ended_at, entry_count)
    values (${id}, ${externalId}, ${postId}, 'ENDED', now(), now(), ${lines.length})`;
  for (const { at, body = 'Said', format = 'MARKDOWN', kind = 'UTTERANCE', ...line } of lines) {
    const retractedAt = line.isRetracted === true ? new Date() : null;
    await sql`insert into coverage_entries (id, coverage_id, occurred_at, kind, speaker, language, body, body_format,
        body_html, body_text, renderer_version, is_key, retracted_at)
      values (${v7()}, ${id}, ${new Date(BEGINNING + at * 1000)}, ${kind}, ${line.speaker ?? null}, ${language}, ${body},
        ${format}, '', '', 1, ${line.isKey ?? false}, ${retractedAt})`;
  }
  if (tag !== undefined) {
    const tagId = v7();
    await sql`insert into tags (id, slug, name) values (${tagId}, ${tag.toLowerCase()}, ${tag})`;
    await sql`insert into post_tags (post_id, position, tag_id) values (${postId}, 0, ${tagId})`;
  }
  return { id, externalId, postId, slug, replayId: replayPostId({ id, externalId }) };
}

/** Sets one up for the tests of a `describe`; use it within tests only. */
export function useTheatre(createDatabase: () => Promise<TestDatabase> = createTestDatabase): Theatre {
  let database: TestDatabase | undefined;
  let client: DatabaseClient | undefined;
  let sql: postgres.Sql | undefined;
  let renderer: BodyRenderer | undefined;
  beforeAll(async () => {
    database = await createDatabase();
    client = openDatabase({ url: database.url, poolSize: 4, statementTimeout: 10_000 });
    sql = postgres(database.url, { max: 2, onnotice: () => undefined });
    renderer = createBodyRenderer();
  });
  afterAll(async () => {
    await renderer?.close();
    await client?.close();
    await sql?.end();
    await database?.drop();
  });
  const ready = <Part>(part: Part | undefined): Part => {
    if (part === undefined) throw new Error('The theatre is there within tests only.');
    return part;
  };
  const theatre: Theatre = {
    get url() {
      return ready(database).url;
    },
    get sql() {
      return ready(sql);
    },
    get means() {
      const { db } = ready(client);
      const changes = createChanges(db, createIdempotencyStore('a secret of the tests'), () => undefined);
      return { db, changes, renderer: ready(renderer) };
    },
    play: (which, options) =>
      createReplayer(theatre.means).play(which, {
        speed: 1_000_000,
        longestPause: 1,
        signal: new AbortController().signal,
        ...options,
      }),
    write: (lines, post = {}) => writePiece(ready(sql), lines, post),
  };
  return theatre;
}

/** What stands in a replay, in the order of occurrence. */
export const playedInto = async ({ sql }: Pick<Theatre, 'sql'>, postId: string) =>
  sql<{ body: string; format: string; kind: string; speaker: string | null; key: boolean; at: Date }[]>`
    select body, body_format as format, kind, speaker, is_key as key, occurred_at as at
    from coverage_entries where coverage_id = (select id from coverages where post_id = ${postId})
    order by occurred_at, id`;

/** Where the coverage of a replay stands; undefined: there is none. */
export const stateOf = async ({ sql }: Pick<Theatre, 'sql'>, postId: string): Promise<string | undefined> =>
  (await sql<{ status: string }[]>`select status from coverages where post_id = ${postId}`)[0]?.status;
