import { sql } from 'drizzle-orm';
import { check, index, pgEnum, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { API_TOKEN_SCOPES, ROLES } from '../../auth/roles.js';
import { bytes, codePointText, createdAt, moment, primaryId, tsvector } from './columns.js';

export const role = pgEnum('role', ROLES);

/** Accounts. An imported one has an external id and no e-mail: nobody can sign in to it. */
export const users = pgTable(
  'users',
  {
    id: primaryId(),
    externalId: codePointText().unique(),
    /** Lower case, NFKC: equality is all a look-up needs. */
    username: codePointText().notNull().unique(),
    name: text().notNull(),
    role: role().notNull().default('READER'),
    email: text(),
    /** Argon2id in PHC form; null: nobody can sign in with a password. */
    passwordHash: text(),
    /** Null unless suspended, or once suspended until a moment that has passed. */
    suspendedAt: moment(),
    /** The end of a suspension; null: for good. */
    suspendedUntil: moment(),
    suspensionReason: text(),
    createdAt: createdAt(),
    search: tsvector().generatedAlwaysAs(
      sql`setweight(to_tsvector('simple', username), 'A') || setweight(to_tsvector('simple', name), 'A') || search_grams(name, 'A')`,
    ),
  },
  (table) => [
    index('users_search').using('gin', table.search),
    index('users_administrators')
      .on(table.id)
      .where(sql`role = 'ADMIN'`),
    // `lower` of PostgreSQL and of JavaScript agree on what slugs are made of; look-ups fold the same way.
    check('users_username_folded', sql`${table.username} = lower(${table.username})`),
    check('users_username_length', sql`char_length(${table.username}) between 1 and 60`),
    uniqueIndex('users_email').on(sql`lower(${table.email})`),
    check('users_name_length', sql`char_length(${table.name}) between 1 and 200`),
    check(
      'users_suspension_whole',
      sql`${table.suspendedAt} is not null or (${table.suspendedUntil} is null and ${table.suspensionReason} is null)`,
    ),
  ],
);

/**
 * Sessions. Each is a family of refresh tokens of which only the newest is good: its digest stands here, and every other
 * one of the family is recognised by naming the session without having this digest.
 */
export const sessions = pgTable(
  'sessions',
  {
    id: uuid().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** SHA-256; the token has 256 random bits, so nothing slower is needed to keep it from being guessed. */
    refreshDigest: bytes().notNull(),
    createdAt: createdAt(),
    /** Moved on by each refresh. */
    expiresAt: moment().notNull(),
    revokedAt: moment(),
  },
  (table) => [index('sessions_user').on(table.userId), index('sessions_expired').on(table.expiresAt)],
);

export const apiTokenScope = pgEnum('api_token_scope', API_TOKEN_SCOPES);

/** Personal API tokens; the token itself is shown once and kept nowhere. */
export const apiTokens = pgTable(
  'api_tokens',
  {
    id: primaryId(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    scopes: apiTokenScope().array().notNull(),
    /** SHA-256, as that of refresh tokens. */
    digest: bytes().notNull().unique(),
    createdAt: createdAt(),
    /** Null: never. */
    expiresAt: moment(),
  },
  (table) => [
    index('api_tokens_user').on(table.userId),
    check('api_tokens_name_length', sql`char_length(${table.name}) between 1 and 100`),
  ],
);
