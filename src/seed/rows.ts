/** The publication as rows of its tables. Every count and every copy is what the application would have written. */
import { RENDERER_VERSION } from '../render/body.js';
import { coverageRows, entryRows, reactionCountRows, reactionRows } from './happenings.js';
import { lineOf, nameOf, proseOf, SUBJECTS } from './prose.js';
import type { Publication } from './publication.js';
import { KIND, randomOf } from './random.js';
import { iso, type Row } from './row.js';
import { threads } from './threads.js';

/** A table that is filled. */
export interface SeededTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** How many rows there will be, when that is known before. */
  readonly total: number | undefined;
  rows(this: void): Iterable<Row>;
}

/** In words. The real bodies of posts are six times as long: a million of them would be about the disk. */
const POST_BODY = { median: 90, spread: 0.95, most: 8_000 } as const;
const COMMENT_BODY = { median: 7.5, spread: 0.86, most: 1_500 } as const;
const SUMMARY_WORDS = { least: 6, more: 50 } as const;
const SUMMARISED = 0.42;

/** One writer of so many is an editor, one reader of so many a moderator. */
const WRITERS_PER_EDITOR = 500;
const READERS_PER_MODERATOR = 2_000;

function roleOf({ isWriter }: Publication, user: number): string {
  if (isWriter(user)) return user % WRITERS_PER_EDITOR === 1 ? 'EDITOR' : 'AUTHOR';
  return user % READERS_PER_MODERATOR === 1 ? 'MODERATOR' : 'READER';
}

function* userRows(publication: Publication): Generator<Row> {
  const { users, userId, joined } = publication;
  for (let user = 0; user < users; user += 1) {
    const { first, last } = nameOf(randomOf(KIND.user, user));
    const username = `${first}-${last}-${user.toString(36)}`.toLowerCase();
    const role = roleOf(publication, user);
    yield [userId(user), username, `${first} ${last}`, role, iso(joined(user))];
  }
}

function* tagRows({ tags, tagId }: Publication): Generator<Row> {
  for (let tag = 0; tag < tags; tag += 1) {
    const name = SUBJECTS[tag] ?? '';
    yield [tagId(tag), name, name];
  }
}

const slugOf = ({ titleOf }: Publication, post: number): string =>
  `${titleOf(post).toLowerCase().replaceAll(' ', '-')}-${post + 1}`;

function* postRows(publication: Publication): Generator<Row> {
  const { posts, postId, published, titleOf, languageOf, commentCounts } = publication;
  for (let post = 0; post < posts; post += 1) {
    const random = randomOf(KIND.post, post);
    const words = SUMMARY_WORDS.least + Math.floor(random() * SUMMARY_WORDS.more);
    const summary = random() < SUMMARISED ? `${lineOf(words, random)}.` : null;
    const { body, html, text } = proseOf(POST_BODY, random);
    const moment = iso(published(post));
    const times = [moment, moment, moment, moment];
    const texts = [titleOf(post), summary, languageOf(post), body, 'MARKDOWN', html, text, RENDERER_VERSION];
    const row = [postId(post), slugOf(publication, post), ...texts, 'PUBLISHED', ...times];
    yield [...row, commentCounts[post] ?? 0];
  }
}

function* slugRows(publication: Publication): Generator<Row> {
  const { posts, postId } = publication;
  for (let post = 0; post < posts; post += 1) yield [slugOf(publication, post), postId(post)];
}

/** What hangs on posts in an order, with a copy of their place in public lists. */
function* linkRows(
  { posts, postId, published }: Publication,
  linked: (post: number) => readonly number[],
  idOfLinked: (index: number) => string,
): Generator<Row> {
  for (let post = 0; post < posts; post += 1) {
    const indexes = linked(post);
    if (indexes.length === 0) continue;
    const [id, listedAt] = [postId(post), iso(published(post))];
    for (const [position, index] of indexes.entries()) yield [id, position, idOfLinked(index), listedAt];
  }
}

function* commentRows(publication: Publication): Generator<Row> {
  const { postId, userId, languageOf, commenter } = publication;
  for (const { post, id, parent, depth, moment, replies, random } of threads(publication)) {
    const author = userId(commenter(random));
    const { body, html, text } = proseOf(COMMENT_BODY, random);
    const place = [id, postId(post), parent?.id ?? null, depth, author, languageOf(post)];
    yield [...place, body, 'MARKDOWN', html, text, RENDERER_VERSION, iso(moment), replies];
  }
}

const columns = (names: string): readonly string[] => names.split(' ');

const BODY = 'body body_format body_html body_text renderer_version';

/** The tables in an order in which nothing refers to what is not there yet. */
export function tablesOf(publication: Publication): readonly SeededTable[] {
  const { users, posts, comments, tags, coverages, userId, tagId, authorsOf, tagsOf } = publication;
  return [
    {
      name: 'users',
      columns: columns('id username name role created_at'),
      total: users,
      rows: () => userRows(publication),
    },
    { name: 'tags', columns: columns('id slug name'), total: tags, rows: () => tagRows(publication) },
    {
      name: 'posts',
      columns: columns(
        `id slug title summary language ${BODY} status published_at first_published_at created_at updated_at comment_count`,
      ),
      total: posts,
      rows: () => postRows(publication),
    },
    {
      name: 'post_slugs',
      columns: columns('slug post_id'),
      total: posts,
      rows: () => slugRows(publication),
    },
    {
      name: 'post_authors',
      columns: columns('post_id position user_id listed_at'),
      total: undefined,
      rows: () => linkRows(publication, authorsOf, userId),
    },
    {
      name: 'post_tags',
      columns: columns('post_id position tag_id listed_at'),
      total: undefined,
      rows: () => linkRows(publication, tagsOf, tagId),
    },
    {
      name: 'comments',
      columns: columns(`id post_id parent_id depth author_id language ${BODY} created_at reply_count`),
      total: comments,
      rows: () => commentRows(publication),
    },
    {
      name: 'coverages',
      columns: columns('id post_id status started_at ended_at created_at entry_count listed_at'),
      total: coverages.size,
      rows: () => coverageRows(publication),
    },
    {
      name: 'coverage_entries',
      columns: columns(`id coverage_id occurred_at created_at kind speaker language ${BODY} is_key`),
      total: undefined,
      rows: () => entryRows(publication),
    },
    {
      name: 'reactions',
      columns: columns('post_id comment_id entry_id kind user_id created_at'),
      total: undefined,
      rows: () => reactionRows(publication),
    },
    {
      name: 'reaction_counts',
      columns: columns('post_id comment_id entry_id kind count'),
      total: undefined,
      rows: () => reactionCountRows(publication),
    },
  ];
}
