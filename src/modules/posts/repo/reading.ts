import { and, eq, exists, gte, isNotNull, lt, not, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Database } from '../../../db/client.js';
import { keyset } from '../../../db/keyset.js';
import { anyOf, columnsOf, named, listParentId, listParents } from '../../../db/statement.js';
import { users } from '../../../db/tables/accounts.js';
import { coverages } from '../../../db/tables/coverage.js';
import { postAuthors, posts, postSlugs, postTags } from '../../../db/tables/posts.js';
import { tags } from '../../../db/tables/tags.js';
import type { PageRequest } from '../../../lib/paging.js';

/** Everything but the bodies, which have a loader of their own: most pages of posts don't show them. */
export const postColumns = {
  id: posts.id,
  externalId: posts.externalId,
  slug: posts.slug,
  title: posts.title,
  summary: posts.summary,
  language: posts.language,
  status: posts.status,
  publishedAt: posts.publishedAt,
  listedAt: posts.listedAt,
  createdAt: posts.createdAt,
  updatedAt: posts.updatedAt,
  version: posts.version,
  translationGroupId: posts.translationGroupId,
  commentCount: posts.commentCount,
  commentPolicy: posts.commentPolicy,
};

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

/** A row of posts, without its bodies. */
export type PostRow = Pick<typeof posts.$inferSelect, keyof typeof postColumns>;

export type PostRepo = ReturnType<typeof createPostRepo>;

/** A table that lists posts through an index of its own (ADR 002). */
type Listing = typeof postAuthors | typeof postTags | typeof coverages;

const count = { count: sql<number>`count(*)::int` };

/** The statements that read posts. */
export const createPostRepo = (db: Database) => {
  const tagIs = (slug: string): SQL =>
    eq(postTags.tagId, db.select({ id: tags.id }).from(tags).where(eq(tags.slug, slug)));
  const authorIs = (username: string): SQL =>
    eq(postAuthors.userId, db.select({ id: users.id }).from(users).where(eq(users.username, username)));
  const listedIn = (table: Listing, condition?: SQL): SQL =>
    exists(
      db
        .select({ one: sql`1` })
        .from(table)
        .where(and(eq(table.postId, posts.id), condition)),
    );

  /** What a filter asks of the posts themselves. */
  const matches = (filter: PostListFilter): SQL | undefined =>
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
  const within = (listedAt: PgColumn, filter: PostListFilter): SQL | undefined =>
    and(
      isNotNull(listedAt),
      filter.publishedAfter ? gte(listedAt, filter.publishedAfter) : undefined,
      filter.publishedBefore ? lt(listedAt, filter.publishedBefore) : undefined,
    );

  /**
   * The listing table whose index should drive the list of a filter, and the filter that is left: a tag or an author
   * has far fewer posts than the publication. None: the posts' own index.
   */
  const drive = (filter: PostListFilter) => {
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

  /** For each parent of a listing table a page of its posts, newest first. */
  const pagesOf = (
    name: string,
    table: typeof postAuthors | typeof postTags,
    parent: PgColumn,
    parents: readonly string[],
    request: PageRequest,
  ) => {
    const page = keyset({ key: table.listedAt, id: table.postId, type: 'moment', descending: true }, request);
    const rows = db
      .select(postColumns)
      .from(table)
      .innerJoin(posts, eq(posts.id, table.postId))
      .where(and(eq(parent, listParentId), isNotNull(table.listedAt), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit)
      .as('page');
    return named(
      name,
      db
        .select({ listParentId, ...columnsOf(rows) })
        .from(listParents(parents))
        .crossJoinLateral(rows)
        .orderBy(...page.outerOrder(rows.listedAt, rows.id)),
    );
  };

  const countsOf = (
    name: string,
    table: typeof postAuthors | typeof postTags,
    parent: PgColumn,
    parents: readonly string[],
  ) =>
    named(
      name,
      db
        .select({ listParentId: sql<string>`${parent}`, ...count })
        .from(table)
        .where(and(anyOf(parent, parents, 'uuid'), isNotNull(table.listedAt)))
        .groupBy(parent),
    );

  return {
    byIds: (ids: readonly string[]) =>
      named(
        'posts.byIds',
        db
          .select(postColumns)
          .from(posts)
          .where(anyOf(posts.id, ids, 'uuid')),
      ),

    /** By the slug they have or had. */
    bySlugs: (slugs: readonly string[]) =>
      named(
        'posts.bySlugs',
        db
          .select({ askedSlug: postSlugs.slug, ...postColumns })
          .from(postSlugs)
          .innerJoin(posts, eq(posts.id, postSlugs.postId))
          .where(anyOf(postSlugs.slug, slugs, 'text')),
      ),

    /** Which of these posts a user is an author of. */
    ofAuthor: (userId: string, ids: readonly string[]) =>
      named(
        'posts.ofAuthor',
        db
          .select({ id: postAuthors.postId })
          .from(postAuthors)
          .where(and(anyOf(postAuthors.postId, ids, 'uuid'), eq(postAuthors.userId, userId))),
      ),

    byExternalIds: (externalIds: readonly string[]) =>
      named(
        'posts.byExternalIds',
        db
          .select(postColumns)
          .from(posts)
          .where(anyOf(posts.externalId, externalIds, 'text')),
      ),

    bodies: (ids: readonly string[]) =>
      named(
        'posts.bodies',
        db
          .select({ id: posts.id, body: posts.body, bodyFormat: posts.bodyFormat, bodyHtml: posts.bodyHtml })
          .from(posts)
          .where(anyOf(posts.id, ids, 'uuid')),
      ),

    /** The first characters of each body as plain text, and whether it goes on. */
    openings: (ids: readonly string[], characters: number) =>
      named(
        'posts.openings',
        db
          .select({
            id: posts.id,
            text: sql<string>`left(${posts.bodyText}, ${characters})`,
            goesOn: sql<boolean>`substr(${posts.bodyText}, ${characters + 1}, 1) <> ''`,
          })
          .from(posts)
          .where(anyOf(posts.id, ids, 'uuid')),
      ),

    /** Published posts of these groups, by language. */
    byTranslationGroups: (groupIds: readonly string[]) =>
      named(
        'posts.byTranslationGroups',
        db
          .select(postColumns)
          .from(posts)
          .where(and(anyOf(posts.translationGroupId, groupIds, 'uuid'), isNotNull(posts.listedAt)))
          .orderBy(posts.language, posts.id),
      ),

    list: async (filter: PostListFilter, descending: boolean, request: PageRequest): Promise<PostRow[]> => {
      const driver = drive(filter);
      if (driver === undefined) {
        const page = keyset({ key: posts.listedAt, id: posts.id, type: 'moment', descending }, request);
        return named(
          'posts.list',
          db
            .select(postColumns)
            .from(posts)
            .where(and(matches(filter), within(posts.listedAt, filter), page.where))
            .orderBy(...page.orderBy)
            .limit(page.limit),
        );
      }
      const { listing, rest } = driver;
      const page = keyset(
        { key: sql`${listing.listedAt}`, id: sql`${listing.postId}`, type: 'moment', descending },
        request,
      );
      return named(
        'posts.listDriven',
        db
          .select(postColumns)
          .from(listing)
          .innerJoin(posts, eq(posts.id, listing.postId))
          .where(and(matches(rest), page.where))
          .orderBy(...page.orderBy)
          .limit(page.limit),
      );
    },

    count: async (filter: PostListFilter) => {
      const driver = drive(filter);
      return driver === undefined
        ? named(
            'posts.count',
            db
              .select(count)
              .from(posts)
              .where(and(matches(filter), within(posts.listedAt, filter))),
          )
        : named(
            'posts.countDriven',
            db
              .select(count)
              .from(driver.listing)
              .innerJoin(posts, eq(posts.id, driver.listing.postId))
              .where(matches(driver.rest)),
          );
    },

    byAuthors: (userIds: readonly string[], request: PageRequest) =>
      pagesOf('posts.byAuthors', postAuthors, postAuthors.userId, userIds, request),

    countByAuthors: (userIds: readonly string[]) =>
      countsOf('posts.countByAuthors', postAuthors, postAuthors.userId, userIds),

    byTags: (tagIds: readonly string[], request: PageRequest) =>
      pagesOf('posts.byTags', postTags, postTags.tagId, tagIds, request),

    countByTags: (tagIds: readonly string[]) =>
      countsOf('posts.countByTags', postTags, postTags.tagId, tagIds),
  };
};
