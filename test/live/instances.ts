import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createAccessTokens } from '../../src/auth/accessTokens.js';
import { createRefreshToken } from '../../src/auth/opaqueTokens.js';
import { createPost } from '../coverage/newsroom.js';
import { type Client, startTestApp, type TestApp, TEST_SECRET } from '../kit/app.js';
import type { TestDatabase } from '../kit/database.js';
import { createDemoDatabase } from '../kit/demo.js';
import { createPerson, type Person } from '../kit/people.js';
import type { Publication } from '../kit/publication.js';
import { startRedis, type TestRedis, needsRedis, withoutRedis } from '../kit/redis.js';
import { connect, type Connecting, type TestSocket } from '../kit/sockets.js';
import { act, comment, listen } from './stage.js';

const accessTokens = createAccessTokens({ secret: TEST_SECRET, previousSecret: undefined });

/** An access token that was signed so long ago that it is over in a moment. */
export async function tokenEndingIn(seconds: number, { uuid }: Person, sessionId: string): Promise<string> {
  const { now } = Date;
  // `sign` reads the clock before it waits for anything.
  Date.now = () => now() - (15 * 60 - seconds) * 1_000;
  const signed = accessTokens.sign({ userId: uuid, sessionId });
  Date.now = now;
  return (await signed).token;
}

/** A session of somebody, with the tokens that its client holds. */
export async function openSession({ sql }: Publication, person: Person) {
  const sessionId = randomUUID();
  const { token: refreshToken, digest } = createRefreshToken(sessionId);
  await sql`insert into sessions (id, user_id, refresh_digest, expires_at)
    values (${sessionId}, ${person.uuid}, ${digest}, now() + interval '1 day')`;
  const { token: accessToken } = await accessTokens.sign({ userId: person.uuid, sessionId });
  return { sessionId, refreshToken, accessToken };
}

export const createApiToken = async (person: Client, expiresAt: Date | null = null) =>
  act<{ token: string; apiToken: { id: string } }>(
    person,
    'createApiToken',
    { name: 'A program', scopes: [], expiresAt },
    'token apiToken { id }',
  );

/** Two instances over one database, and whoever is needed. */
export function useInstances(startBus: () => Promise<TestRedis | undefined>) {
  let database: TestDatabase | undefined;
  let redis: TestRedis | undefined;
  let here: TestApp;
  let there: TestApp;
  let publication: Publication;
  let admin: Person;
  const sockets: TestSocket[] = [];

  beforeAll(async () => {
    [database, redis] = await Promise.all([createDemoDatabase(), startBus()]);
    const env = { DATABASE_URL: database.url, ...(redis && { REDIS_URL: redis.url }) };
    here = await startTestApp(env);
    there = await startTestApp(env);
    const sql = postgres(database.url, { max: 4, onnotice: () => undefined });
    publication = { url: database.url, app: here, sql };
    admin = await createPerson(publication, 'ADMIN');
  });
  afterEach(async () => {
    await Promise.all(sockets.splice(0).map((socket) => socket.close()));
  });
  afterAll(async () => {
    await publication.sql.end();
    await Promise.all([here.stop(), there.stop()]);
    await Promise.all([redis?.stop(), database?.drop()]);
  });

  return {
    here: () => here,
    there: () => there,
    publication: () => publication,
    admin: () => admin,
    async open(app: TestApp, connecting: Connecting = {}): Promise<TestSocket> {
      const socket = await connect(app, connecting);
      sockets.push(socket);
      return socket;
    },
  };
}

export type Instances = ReturnType<typeof useInstances>;

/** An open socket of somebody on each instance, with a stream that was heard to go on. */
export async function openOnBoth(stage: Instances, accessToken: string) {
  const publication = stage.publication();
  const { id: postId } = await createPost(publication);
  const sockets = await Promise.all(
    [stage.here(), stage.there()].map((app) => stage.open(app, { accessToken })),
  );
  const streams = await Promise.all(sockets.map((socket) => listen(publication, socket, 'comments', postId)));
  await comment(stage.admin(), postId, 'Before');
  await Promise.all(streams.map((stream) => stream.until(1)));
  return { postId, sockets, streams };
}

/** What takes the right to be connected away. */
export const REVOCATIONS: Record<
  string,
  (stage: Instances, person: Person) => Promise<{ accessToken: string; revoke: () => Promise<unknown> }>
> = {
  'signs out': async (stage, person) => {
    const { accessToken, refreshToken } = await openSession(stage.publication(), person);
    return { accessToken, revoke: () => act(stage.here(), 'signOut', { refreshToken }) };
  },
  'signs out everywhere': async (stage, person) => {
    const { accessToken } = await openSession(stage.publication(), person);
    const { refreshToken } = await openSession(stage.publication(), person);
    return { accessToken, revoke: () => act(stage.here(), 'signOut', { refreshToken, everywhere: true }) };
  },
  'sends a refresh token for the second time': async (stage, person) => {
    const { accessToken, refreshToken } = await openSession(stage.publication(), person);
    await act(stage.here(), 'refreshSession', { refreshToken });
    const document =
      'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { userErrors { code } } }';
    return { accessToken, revoke: () => stage.here().query(document, { input: { refreshToken } }) };
  },
  'is suspended': async (stage, { id: userId, accessToken }) => ({
    accessToken,
    revoke: () => act(stage.admin(), 'suspendUser', { userId, reason: 'Spam' }),
  }),
  'loses the API token': async (_, person) => {
    const { token, apiToken } = await createApiToken(person);
    return { accessToken: token, revoke: () => act(person, 'revokeApiToken', { id: apiToken.id }) };
  },
};

/** What instances may hear each other by. */
export const BUSES = [
  { name: `with Redis${needsRedis}`, hasRedis: true, startBus: startRedis, isSkipped: withoutRedis },
  { name: 'without Redis', hasRedis: false, startBus: async () => undefined, isSkipped: false },
] as const;
