import { randomBytes, randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { v7 } from 'uuid';
import { createAccessTokens } from '../../src/auth/accessTokens.js';
import type { Role } from '../../src/auth/roles.js';
import { encodeId } from '../../src/graphql/globalIds.js';
import { type Client, createClient, TEST_SECRET } from './app.js';
import { ADMINISTRATOR } from './database.js';

/** Somebody with an account and an open session. */
export interface Person extends Client {
  /** The id that the API shows. */
  readonly id: string;
  readonly uuid: string;
  readonly username: string;
  /** Good for 15 minutes. */
  readonly accessToken: string;
}

const accessTokens = createAccessTokens({ secret: TEST_SECRET, previousSecret: undefined });

/** Where people come to: an instance and its database. */
interface Place {
  readonly app: { readonly endpoint: string };
  readonly sql: postgres.Sql;
}

/** A client who is signed in as this user. */
export async function signedIn({ app, sql }: Place, uuid: string, username: string): Promise<Person> {
  const sessionId = randomUUID();
  await sql`insert into sessions (id, user_id, refresh_digest, expires_at)
    values (${sessionId}, ${uuid}, ${randomBytes(32)}, now() + interval '1 day')`;
  const { token } = await accessTokens.sign({ userId: uuid, sessionId });
  return {
    ...createClient(app.endpoint, { authorization: `Bearer ${token}` }),
    id: encodeId('User', uuid),
    uuid,
    username,
    accessToken: token,
  };
}

/** A new user of this role, signed in. Faster than signing up: no password is made. */
export async function createPerson(place: Place, role: Role = 'READER'): Promise<Person> {
  const uuid = v7();
  const username = `${role.toLowerCase()}-${randomBytes(5).toString('hex')}`;
  await place.sql`insert into users (id, username, name, role, email)
    values (${uuid}, ${username}, ${`A ${role.toLowerCase()}`}, ${role}, ${`${username}@example.org`})`;
  return signedIn(place, uuid, username);
}

/** A client of an instance over the whole real publication: its administrator. */
export async function administratorOf(app: { readonly endpoint: string }): Promise<Client> {
  const { token } = await accessTokens.sign(ADMINISTRATOR);
  return createClient(app.endpoint, { authorization: `Bearer ${token}` });
}
