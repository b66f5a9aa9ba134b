/** What is read and written: a made-up publication, or the one that is there. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import postgres from 'postgres';

export interface Sizes {
  readonly users: number;
  readonly posts: number;
  readonly comments: number;
}

/** Posts that get a coverage, those with the most comments, and its entries: a page that is full. */
const COVERED = 20;
const ENTRIES = 60;

const run = promisify(execFile);

/** Fills an empty database with a made-up publication. The same sizes are the same publication. */
export async function publish(databaseUrl: string, { users, posts, comments }: Sizes): Promise<void> {
  const sizes = [`--users=${users}`, `--posts=${posts}`, `--comments=${comments}`];
  await run(process.execPath, ['--import', 'tsx', 'src/cli/tidings.ts', 'seed', ...sizes], {
    env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl, LOG_LEVEL: 'error' },
  });
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  await sql`
    insert into coverages (id, post_id, status, started_at, ended_at, entry_count)
    select gen_random_uuid(), id, 'ENDED', published_at, published_at + interval '1 hour', ${ENTRIES} from posts
    where listed_at is not null and not exists (select from coverages where coverages.post_id = posts.id)
    order by comment_count desc, id limit ${COVERED}`;
  await sql`
    insert into coverage_entries (id, coverage_id, occurred_at, speaker, language, body, body_format, body_html, body_text, renderer_version, is_key)
    select gen_random_uuid(), coverages.id, started_at + n * interval '1 minute', 'Speaker ' || n % 5, 'en', said, 'MARKDOWN', '<p>' || said || '</p>', said, 1, n % 10 = 0
    from coverages, generate_series(1, ${ENTRIES}) as n, lateral (select 'What was said as number ' || n || ', a sentence or two as they come.' as said) as text
    where not exists (select from coverage_entries where coverage_id = coverages.id)`;
  await sql.unsafe('vacuum analyze');
  await sql.end();
}

/** What is asked for. */
export interface Subjects {
  /** Of posts with much below them. */
  readonly slugs: readonly string[];
  /** The key of the post with the most comments. */
  readonly discussed: string;
  readonly queries: readonly string[];
  /** Rows that there are. */
  readonly sizes: Sizes;
}

/** Looks for what is worth asking for, whatever the publication. */
export async function subjectsOf(databaseUrl: string): Promise<Subjects> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  const slugs = await sql<{ slug: string }[]>`
    select slug from posts left join coverages on coverages.post_id = posts.id where posts.listed_at is not null
    order by least(coalesce(entry_count, 0), 50) + least(comment_count, 200) desc, posts.id limit 20`;
  const [discussed] = await sql<{ id: string }[]>`
    select id from posts where listed_at is not null order by comment_count desc, id limit 1`;
  const titles = await sql<{ title: string }[]>`
    select title from posts where listed_at is not null order by listed_at desc, id desc limit 10`;
  const [sizes] = await sql<[Sizes]>`
    select (select count(*)::int from users) as users, (select count(*)::int from posts) as posts,
      (select count(*)::int from comments) as comments`;
  await sql.end();
  if (discussed === undefined) throw new Error('There is no post to read.');
  const queries = titles.map(
    ({ title }) =>
      title
        .split(/[^\p{L}]+/u)
        .toSorted((a, b) => b.length - a.length)
        .at(0) ?? title,
  );
  return {
    slugs: slugs.map(({ slug }) => slug),
    discussed: discussed.id,
    queries: [...new Set(queries)],
    sizes,
  };
}
