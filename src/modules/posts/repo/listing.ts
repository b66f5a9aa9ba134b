import { and, eq, exists, gte, isNotNull, lt, not, type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Database } from '../../../db/client.js';
import { keyset } from '../../../db/keyset.js';
import { readiedFor, readiedPage } from '../../../db/statement.js';
import { users } from '../../../db/tables/accounts.js';
import { coverages } from '../../../db/tables/coverage.js';
import { postAuthors, posts, postTags } from '../../../db/tables/posts.js';
import { tags } from '../../../db/tables/tags.js';
import type { PageRequest } from '../../../lib/paging.js';
import { type PostColumns, postColumnsOf, type PostRow } from './reading.js';

/** Which posts of the public list. Null and absent allow all. */
export interface PostListFilter {
  /** Slug. */
  readonly tag?: string | null | undefined;
  /** User name. */
  readonly author?: string | null | undefined;
  readonly language?: string | null | undefined;
  readonly hasCoverage?: boolean | null | undefined;
  readonly publishedAfter?: Date | null | undefined;
  readonly publishedBefore?: Date | null | undefined;
}

/** The same, with places for what is given when the statement runs. */
type Filter = {
  readonly [Name in keyof PostListFilter]:
    | PostListFilter[Name]
    | (Name extends 'hasCoverage' ? never : Placeholder);
};

/** What is asked for, as far as the text of the statement depends on it. */
type Shape = { readonly [Name in keyof PostListFilter]-?: boolean | null };

const shapeOf = (filter: PostListFilter): Shape => ({
  tag: filter.tag != null,
  author: filter.author != null,
  language: filter.language != null,
  hasCoverage: filter.hasCoverage ?? null,
  publishedAfter: filter.publishedAfter != null,
  publishedBefore: filter.publishedBefore != null,
});

const place = (name: string, isGiven: boolean | null) => (isGiven === true ? sql.placeholder(name) : null);

/** What goes into the places. drizzle leaves moments as they are there, which the driver does not read. */
const valuesOf = ({ publishedAfter, publishedBefore, ...others }: PostListFilter) => ({
  ...others,
  publishedAfter: publishedAfter?.toISOString(),
  publishedBefore: publishedBefore?.toISOString(),
});

type Values = ReturnType<typeof valuesOf>;

const filterOf = (shape: Shape): Filter => ({
  tag: place('tag', shape.tag),
  author: place('author', shape.author),
  language: place('language', shape.language),
  hasCoverage: shape.hasCoverage,
  publishedAfter: place('publishedAfter', shape.publishedAfter),
  publishedBefore: place('publishedBefore', shape.publishedBefore),
});

/** A table that lists posts through an index of its own (ADR 002). */
type Listing = typeof postAuthors | typeof postTags | typeof coverages;

const count = { count: sql<number>`count(*)::int` };

/** Whether the list is read through the index of a table that lists posts. */
const isDriven = ({ tag, author, hasCoverage }: Shape): boolean =>
  tag === true || author === true || hasCoverage === true;

/** The conditions of a list. */
const createConditions = (db: Database) => {
  const tagIs = (slug: string | Placeholder): SQL =>
    eq(postTags.tagId, db.select({ id: tags.id }).from(tags).where(eq(tags.slug, slug)));
  const authorIs = (username: string | Placeholder): SQL =>
    eq(postAuthors.userId, db.select({ id: users.id }).from(users).where(eq(users.username, username)));
  const listedIn = (table: Listing, condition?: SQL): SQL =>
    exists(
      db
        .select({ one: sql`1` })
        .from(table)
        .where(and(eq(table.postId, posts.id), condition)),
    );

  /** What a filter asks of the posts themselves. */
  const matches = (filter: Filter): SQL | undefined =>
    and(
      isNotNull(posts.listedAt),
      filter.language == null ? undefined : eq(posts.language, filter.language),
      filter.author == null ? undefined : listedIn(postAuthors, authorIs(filter.author)),
      filter.hasCoverage == null
        ? undefined
        : filter.hasCoverage
          ? listedIn(coverages)
          : not(listedIn(coverages)),
    );

  /** The range of publication times, on whichever column orders the list. */
  const within = (listedAt: PgColumn, filter: Filter): SQL | undefined =>
    and(
      isNotNull(listedAt),
      filter.publishedAfter ? gte(listedAt, filter.publishedAfter) : undefined,
      filter.publishedBefore ? lt(listedAt, filter.publishedBefore) : undefined,
    );

  /**
   * The listing table whose index should drive the list of a filter, and the filter that is left: a tag or an author
   * has far fewer posts than the publication. None: the posts' own index.
   */
  const drive = (filter: Filter) => {
    const { tag, author, hasCoverage, language } = filter;
    const listing = (table: Listing, condition?: SQL) =>
      db
        .select({
          postId: sql<string>`${table.postId}`.as('listing_id'),
          listedAt: sql<Date>`${table.listedAt}`.as('listing_at'),
        })
        .from(table)
        .where(and(within(table.listedAt, filter), condition))
        .as('listing');
    if (tag != null)
      return { listing: listing(postTags, tagIs(tag)), rest: { language, author, hasCoverage } };
    if (author != null)
      return { listing: listing(postAuthors, authorIs(author)), rest: { language, hasCoverage } };
    if (hasCoverage === true) return { listing: listing(coverages), rest: { language } };
    return undefined;
  };

  return { matches, within, drive };
};

const page = readiedPage<{ filter: Shape; descending: boolean; columns: PostColumns }, Values, PostRow[]>(
  ({ filter }) => (isDriven(filter) ? 'posts.listDriven' : 'posts.list'),
  'moment',
  (db, plan, { filter: shape, descending, columns }) => {
    const { matches, within, drive } = createConditions(db);
    const filter = filterOf(shape);
    const driver = drive(filter);
    if (driver === undefined) {
      const clauses = keyset({ key: posts.listedAt, id: posts.id, type: 'moment', descending }, plan);
      return db
        .select(postColumnsOf(columns))
        .from(posts)
        .where(and(matches(filter), within(posts.listedAt, filter), clauses.where))
        .orderBy(...clauses.orderBy)
        .limit(clauses.limit);
    }
    const { listing, rest } = driver;
    const clauses = keyset(
      { key: sql`${listing.listedAt}`, id: sql`${listing.postId}`, type: 'moment', descending },
      plan,
    );
    return db
      .select(postColumnsOf(columns))
      .from(listing)
      .innerJoin(posts, eq(posts.id, listing.postId))
      .where(and(matches(rest), clauses.where))
      .orderBy(...clauses.orderBy)
      .limit(clauses.limit);
  },
);

const total = readiedFor<Shape, Values, { count: number }[]>(
  (shape) => (isDriven(shape) ? 'posts.countDriven' : 'posts.count'),
  (db, shape) => {
    const { matches, within, drive } = createConditions(db);
    const filter = filterOf(shape);
    const driver = drive(filter);
    return driver === undefined
      ? db
          .select(count)
          .from(posts)
          .where(and(matches(filter), within(posts.listedAt, filter)))
      : db
          .select(count)
          .from(driver.listing)
          .innerJoin(posts, eq(posts.id, driver.listing.postId))
          .where(matches(driver.rest));
  },
);

/** A page of the posts that match a filter. */
export const listPosts = (
  db: Database,
  filter: PostListFilter,
  descending: boolean,
  request: PageRequest,
  columns: PostColumns,
): Promise<PostRow[]> =>
  page(db, request, { filter: shapeOf(filter), descending, columns }, valuesOf(filter));

/** How many match it. */
export const countPosts = async (db: Database, filter: PostListFilter): Promise<number> =>
  (await total(db, shapeOf(filter), valuesOf(filter)))[0]?.count ?? 0;
