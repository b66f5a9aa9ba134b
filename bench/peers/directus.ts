/** Directus: its tables, and what its administrator would set up to read this database. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import postgres from 'postgres';

const run = promisify(execFile);

/** The token of its administrator: whose rights it need not look at. */
export const TOKEN = 'the-administrator-of-the-bench-and-nobody-else';

/** It takes no table with a key of two columns: by-lines are copied into one that it takes. */
const BY_LINES = `
  drop table if exists bench_by_lines;
  create table bench_by_lines (
    id int generated always as identity primary key, position int not null,
    post_id uuid not null references posts on delete cascade, user_id uuid not null references users on delete cascade
  );
  insert into bench_by_lines (post_id, user_id, position) select post_id, user_id, position from post_authors;
  create index on bench_by_lines (post_id);
  analyze bench_by_lines`;

export const environmentOf = (databaseUrl: string): Record<string, string> => ({
  DB_CLIENT: 'pg',
  DB_CONNECTION_STRING: databaseUrl,
  SECRET: 'only as long as the bench runs, and for nobody else',
  ADMIN_EMAIL: 'admin@example.com',
  ADMIN_PASSWORD: 'only as long as the bench runs',
  ADMIN_TOKEN: TOKEN,
  NODE_ENV: 'production',
  LOG_LEVEL: 'error',
  TELEMETRY: 'false',
  // Like the throttle of the product: it is not what is measured.
  PRESSURE_LIMITER_ENABLED: 'false',
});

/** Makes its tables. */
export async function bootstrap(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  await sql.unsafe(BY_LINES);
  await sql.end();
  await run(process.execPath, ['node_modules/directus/cli.js', 'bootstrap'], {
    cwd: 'bench/peers/directus',
    env: { PATH: process.env['PATH'], ...environmentOf(databaseUrl) },
  });
}

/** The lists that objects have: of what, by which column. */
const LISTS = [
  ['posts', 'by_line', 'bench_by_lines', 'post_id'],
  ['posts', 'comments', 'comments', 'post_id'],
  ['posts', 'coverages', 'coverages', 'post_id'],
  ['coverages', 'entries', 'coverage_entries', 'coverage_id'],
] as const;

/** Tells a running one about the lists. @param endpoint of GraphQL. */
export async function setUp(endpoint: string, databaseUrl: string): Promise<void> {
  const send = async (method: string, path: string, body: object): Promise<void> => {
    const response = await fetch(new URL(path, endpoint), {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`Directus refused ${path}: ${await response.text()}`);
  };
  const list = (field: string) => ({ field, type: 'alias', meta: { special: ['o2m'] } });
  for (const [collection, field, of, column] of LISTS) {
    await send('POST', `/fields/${collection}`, list(field));
    await send('PATCH', `/relations/${of}/${column}`, {
      collection: of,
      field: column,
      related_collection: collection,
      meta: { one_field: field },
    });
  }
  await send('POST', '/fields/comments', list('replies'));
  await send('POST', '/relations', {
    collection: 'comments',
    field: 'parent_id',
    related_collection: 'comments',
    meta: { one_field: 'replies' },
  });
  // It needs none for that, and everybody would pay for it with each write.
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  await sql`alter table comments drop constraint comments_parent_id_foreign`;
  await sql.end();
}
