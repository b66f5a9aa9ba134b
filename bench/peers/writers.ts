/** Readers who write comments, and the posts they write to: old ones of their own, so that no list that is read changes. */
import { randomBytes, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import postgres from 'postgres';
import { createAccessTokens } from '../../src/auth/accessTokens.js';
import { encodeId } from '../../src/graphql/globalIds.js';
import type { Request } from './load.js';
import { bodyOf } from './documents.js';
import type { Vocabulary } from './works.js';

/** One for each connection, and one to be watched. */
const WRITERS = 17;
const POSTS = 1_000;

interface Writer {
  readonly userId: string;
  readonly sessionId: string;
}

export interface Writers {
  readonly writers: readonly Writer[];
  readonly posts: readonly { readonly uuid: string; readonly id: string }[];
  /** With what the tokens of peers are signed. */
  readonly peerSecret: string;
  /** An access token of the product; good for minutes. */
  tokenOf(writer: Writer): Promise<string>;
  /** Whom the server of statements takes for whom. */
  readonly names: Readonly<Record<string, Writer>>;
  /** Comments on one post after the other, by one writer after the other. Their tokens are good for minutes. */
  requests(vocabulary: Vocabulary): Promise<Request[]>;
  /** How many comments there are, and how many are counted. */
  count(): Promise<{ readonly comments: number; readonly counted: number }>;
  /** Takes all of it out of the database again, but what the log says of it. */
  remove(): Promise<void>;
}

/** @see Writers */
export async function prepareWriters(databaseUrl: string, secret: string): Promise<Writers> {
  const sql = postgres(databaseUrl, { max: 2, onnotice: () => undefined });
  const mark = `bench-${randomBytes(4).toString('hex')}`;
  const tokens = createAccessTokens({ secret, previousSecret: undefined });
  const peerSecret = randomBytes(32).toString('base64url');
  const writers = Array.from({ length: WRITERS }, () => ({ userId: randomUUID(), sessionId: randomUUID() }));
  const posts = Array.from({ length: POSTS }, () => {
    const uuid = randomUUID();
    return { uuid, id: encodeId('Post', uuid) };
  });
  for (const [n, { userId, sessionId }] of writers.entries()) {
    await sql`insert into users (id, username, name) values (${userId}, ${`${mark}-${n}`}, 'A client')`;
    await sql`insert into sessions (id, user_id, refresh_digest, expires_at) values (${sessionId}, ${userId}, ${randomBytes(32)}, now() + interval '1 day')`;
  }
  await sql`insert into posts (id, slug, title, language, status, published_at, body, body_format, body_html, body_text, renderer_version)
    select id, ${`${mark}-`} || id, 'A post', 'en', 'PUBLISHED', '2000-01-01', 'Text', 'MARKDOWN', '<p>Text</p>', 'Text', 1
    from unnest(${posts.map(({ uuid }) => uuid)}::uuid[]) as id`;
  await sql.end();

  const once = async <Row>(work: (sql: postgres.Sql) => Promise<Row>): Promise<Row> => {
    const one = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
    try {
      return await work(one);
    } finally {
      await one.end();
    }
  };
  const tokenOf = async ({ userId, sessionId }: Writer): Promise<string> =>
    (await tokens.sign({ userId, sessionId })).token;
  const authorization = async (writer: Writer, place: number, vocabulary: Vocabulary): Promise<string> => {
    if (vocabulary === 'bare') return `Bearer ${place}`;
    if (vocabulary === 'ours') return `Bearer ${await tokenOf(writer)}`;
    const token = new SignJWT().setProtectedHeader({ alg: 'HS256' }).setSubject(writer.userId);
    return `Bearer ${await token.setExpirationTime('15m').sign(new TextEncoder().encode(peerSecret))}`;
  };
  return {
    writers,
    posts,
    peerSecret,
    tokenOf,
    names: Object.fromEntries(writers.map((writer, place) => [`Bearer ${place}`, writer])),
    async requests(vocabulary) {
      const clients = writers.slice(0, -1);
      const headers = await Promise.all(
        clients.map((writer, place) => authorization(writer, place, vocabulary)),
      );
      return posts.map(({ uuid, id }, n) => ({
        body: bodyOf('write', vocabulary, {
          input: { postId: vocabulary === 'ours' ? id : uuid, body: `A comment, *number ${n}* of many.` },
        }),
        headers: `x-work: write\r\nauthorization: ${headers[n % headers.length] ?? ''}\r\n`,
      }));
    },
    count: () =>
      once(async (one) => {
        const [row] = await one<[{ comments: number; counted: number }]>`
          select count(*)::int as comments,
            (select sum(comment_count)::int from posts where slug like ${`${mark}-%`}) as counted
          from comments where post_id = any(${posts.map(({ uuid }) => uuid)}::uuid[])`;
        return row;
      }),
    remove: () =>
      once(async (one) => {
        await one`delete from posts where slug like ${`${mark}-%`}`;
        await one`delete from users where username like ${`${mark}-%`}`;
      }),
  };
}
