/**
 * Imports the real publication twice, then one that is made up and much larger, and prints the time and memory of each
 * beside their limits. Ends with status 1 when one is exceeded.
 *
 *     DATABASE_URL=postgres://... node --import tsx bench/import.ts [path/to/shared/data]
 *
 * The database should be empty; it is not emptied afterwards. Without DATABASE_URL: an embedded one in a temporary
 * folder, which is.
 */
import { execFileSync } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const SECONDS = 60;
const MEGABYTES = 512;

const COMMENTS = 300_000;
const POSTS = 40;

const real = process.argv[2] ?? '../shared/data';
const home = await mkdtemp(join(tmpdir(), 'tidings-bench-import-'));
// The embedded server's own user has to pass through.
await chmod(home, 0o755);
let hasFailed = false;

try {
  if (existsSync(real)) {
    measure('the real publication', real, SECONDS);
    measure('the real publication again', real, SECONDS);
  }
  await makeLarge();
  measure(`${POSTS} bodies of 2 MB, ${COMMENTS} comments`, join(home, 'large'), Infinity);
} finally {
  await rm(home, { recursive: true, force: true });
}
process.exitCode = hasFailed ? 1 : 0;

function measure(name: string, folder: string, limit: number): void {
  const { DATABASE_URL, PATH } = process.env;
  const output = execFileSync(process.execPath, ['--import', 'tsx', 'src/cli/tidings.ts', 'import', folder], {
    encoding: 'utf8',
    env: { PATH, ...(DATABASE_URL && { DATABASE_URL }), TIDINGS_DATA_DIR: join(home, 'data') },
  });
  const [, seconds = NaN, megabytes = NaN] =
    /in ([\d.]+) s, at most (\d+) MB/.exec(output)?.map(Number) ?? [];
  hasFailed ||= !(seconds < limit && megabytes < MEGABYTES);
  const most = Number.isFinite(limit) ? ` (limit ${limit})` : '';
  console.log(
    `${name.padEnd(44)} ${seconds.toFixed(1).padStart(6)} s${most.padEnd(11)} ${megabytes} MB (limit ${MEGABYTES})`,
  );
}

/** A few huge bodies, and very many small comments in threads of ten. */
async function makeLarge(): Promise<void> {
  const folder = join(home, 'large');
  await mkdir(folder);
  const lines = (records: Iterable<object>) =>
    (function* () {
      for (const record of records) yield `${JSON.stringify(record)}\n`;
    })();
  const body = 'Words and *more* words, as people write them.\n\n'.repeat(42_000);
  await pipeline(
    lines(
      Array.from({ length: POSTS }, (_, place) => ({
        id: `large-${place}`,
        slug: `large-${place}`,
        title: `Large ${place}`,
        lang: 'en',
        published_at: '2026-01-01T00:00:00Z',
        author_ids: [],
        tags: [],
        body_format: 'markdown',
        body,
      })),
    ),
    createWriteStream(join(folder, 'posts.jsonl')),
  );
  await writeFile(join(folder, 'users.jsonl'), `${JSON.stringify({ id: 'large', handle: 'large' })}\n`);
  await writeFile(
    join(folder, 'discussions.jsonl'),
    `${JSON.stringify({ id: 'large', suggested_post_id: 'large-0' })}\n`,
  );
  const comments = function* () {
    for (let place = 0; place < COMMENTS; place += 1) {
      yield {
        id: `large-${place}`,
        discussion_id: 'large',
        parent_id: place % 10 === 0 ? null : `large-${place - 1}`,
        user_id: 'large',
        created_at: '2026-01-02T00:00:00Z',
        body: `Comment ${place} says little, like most of them, and then comes to its end.`,
      };
    }
  };
  await pipeline(lines(comments()), createWriteStream(join(folder, 'comments.jsonl')));
}
