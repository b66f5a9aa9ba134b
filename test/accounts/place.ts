import { randomBytes, randomInt } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll } from 'vitest';
import { type Client, createClient, startTestApp, type TestApp } from '../kit/app.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';

export const PASSWORD = 'a password of the tests';

/** What stood in the way. */
export interface UserError {
  readonly code: string;
  readonly message: string;
  readonly field: readonly string[] | null;
}

/** The answer to signing up, signing in and refreshing. */
export interface Granted {
  readonly session: {
    readonly accessToken: string;
    readonly refreshToken: string;
    readonly expiresAt: string;
  } | null;
  readonly viewer: { readonly id: string; readonly username: string; readonly role: string } | null;
  readonly userErrors: readonly UserError[];
}

export const ERRORS = 'userErrors { code message field }';
export const GRANTED = `session { accessToken refreshToken expiresAt } viewer { id username role } ${ERRORS}`;

/** The document of a mutation with one input. */
export const documentOf = (name: string, fields: string): string =>
  `mutation ($input: ${name[0]?.toUpperCase() ?? ''}${name.slice(1)}Input!) { ${name}(input: $input) { ${fields} } }`;

/** Sends a mutation that is answered, be it with user errors. */
export async function mutate<Payload>(
  client: Client,
  name: string,
  input: Record<string, unknown>,
  fields: string,
  headers?: Record<string, string>,
): Promise<Payload> {
  const data = await client.query<Record<string, Payload>>(documentOf(name, fields), { input }, headers);
  return data[name] as Payload;
}

/** An instance that believes what its clients say of their addresses, so that tests do not throttle each other. */
export interface Place {
  readonly url: string;
  readonly app: TestApp;
  readonly sql: postgres.Sql;
  /** Somebody at an address where nobody was before. */
  visitor(address?: string): Client;
  /** Signs a new user up. */
  member(): Promise<Member>;
}

/** Somebody who has signed up. */
export interface Member extends Client {
  readonly email: string;
  readonly username: string;
  readonly id: string;
  readonly uuid: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

export const newAddress = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;

/** Whoever has this access token, or API token. */
export const bearer = (place: Place, token: string): Client =>
  createClient(place.app.endpoint, { authorization: `Bearer ${token}`, 'x-forwarded-for': newAddress() });

/** Sets a place up for the tests of a `describe`; use it within tests only. */
export function usePlace(env: () => Record<string, string> = () => ({})): Place {
  let database: TestDatabase | undefined;
  let app: TestApp | undefined;
  let sql: postgres.Sql | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startTestApp({ DATABASE_URL: database.url, TRUSTED_PROXIES: '127.0.0.1,::1', ...env() });
    sql = postgres(database.url, { max: 4, onnotice: () => undefined });
  });
  afterAll(async () => {
    await sql?.end();
    await app?.stop();
    await database?.drop();
  });
  const ready = <Part>(part: Part | undefined): Part => {
    if (part === undefined) throw new Error('The place is there within tests only.');
    return part;
  };
  const place: Place = {
    get url() {
      return ready(database).url;
    },
    get app() {
      return ready(app);
    },
    get sql() {
      return ready(sql);
    },
    visitor: (address = newAddress()) => createClient(ready(app).endpoint, { 'x-forwarded-for': address }),
    async member() {
      const username = `user-${randomBytes(6).toString('hex')}`;
      const email = `${username}@example.org`;
      const input = { email, username, password: PASSWORD };
      const granted = await mutate<Granted>(place.visitor(), 'signUp', input, GRANTED);
      if (granted.session === null || granted.viewer === null) {
        throw new Error(`Signing up was refused: ${JSON.stringify(granted.userErrors)}`);
      }
      const { accessToken, refreshToken } = granted.session;
      const [row] = await place.sql<{ id: string }[]>`select id from users where username = ${username}`;
      return {
        ...bearer(place, accessToken),
        email,
        username,
        accessToken,
        refreshToken,
        id: granted.viewer.id,
        uuid: row?.id ?? '',
      };
    },
  };
  return place;
}

/** The events of a user, in their order. */
export const eventsOf = async (
  { sql }: Place,
  uuid: string,
): Promise<readonly { type: string; payload: object }[]> =>
  sql<{ type: string; payload: object }[]>`
    select type, payload from events where topic = ${`user:${uuid}`} order by seq`;

/** The name of the signed-in viewer, or the code of why there is none. */
export async function whoAmI(client: Client): Promise<string | null> {
  const { data, errors } = await client.send<{ viewer: { username: string } | null }>(
    '{ viewer { username } }',
  );
  return errors?.[0]?.extensions.code ?? data.viewer?.username ?? null;
}
