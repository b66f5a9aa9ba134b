import { describe, expect, it } from 'vitest';
import { createOperatingService } from '../../src/modules/accounts/public.js';
import { createChanges } from '../../src/changes/change.js';
import { createIdempotencyStore } from '../../src/changes/idempotency.js';
import { openDatabase } from '../../src/db/client.js';
import { ERRORS, GRANTED, type Granted, type Member, mutate, PASSWORD, usePlace } from './place.js';

const NEW_PASSWORD = 'another password of the tests';

describe('whoever loses a right', () => {
  const place = usePlace();

  /** What the topic of rights heard about a user; their own topic must have heard the same of it, in the same order. */
  const lost = async ({ uuid }: Member) => {
    const heard = (topic: string) => place.sql<{ type: string; payload: Record<string, unknown> }[]>`
      select type, payload from events where topic = ${topic} and payload ->> 'userId' = ${uuid} order by seq`;
    const [access, own] = await Promise.all([heard('access'), heard(`user:${uuid}`)]);
    const types = new Set(access.map(({ type }) => type));
    expect(own.filter(({ type }) => types.has(type))).toEqual(access);
    return access.map(({ type, payload }) => ({ type, payload }));
  };
  const signIn = async ({ email }: Member) => {
    const { session } = await mutate<Granted>(
      place.visitor(),
      'signIn',
      { email, password: PASSWORD },
      GRANTED,
    );
    if (session === null) throw new Error('Signing in was refused.');
    return session;
  };
  const sessionsOf = async ({ uuid }: Member) =>
    (
      await place.sql<{ id: string; over: boolean }[]>`
        select id, revoked_at is not null as over from sessions where user_id = ${uuid} order by id`
    ).map(({ id, over }) => ({ id, over }));
  const appoint = async (): Promise<Member> => {
    const admin = await place.member();
    await place.sql`update users set role = 'ADMIN' where id = ${admin.uuid}`;
    return admin;
  };

  /** As `tidings user set-password` does. */
  const setPassword = async ({ email }: Member): Promise<void> => {
    const client = openDatabase({ url: place.url, poolSize: 1, statementTimeout: 0 });
    const idempotency = createIdempotencyStore('a secret of this test');
    const changes = createChanges(client.db, idempotency, () => undefined);
    await createOperatingService(client.db, changes).setPassword(email, NEW_PASSWORD);
    await client.close();
  };

  /** Every way in which sessions end. */
  const ways: Record<string, (member: Member) => Promise<unknown>> = {
    'signing out': ({ refreshToken }) => mutate(place.visitor(), 'signOut', { refreshToken }, ERRORS),
    'signing out everywhere': ({ refreshToken }) =>
      mutate(place.visitor(), 'signOut', { refreshToken, everywhere: true }, ERRORS),
    'a refresh token that comes twice': async ({ refreshToken }) => {
      await mutate(place.visitor(), 'refreshSession', { refreshToken }, ERRORS);
      await mutate(place.visitor(), 'refreshSession', { refreshToken }, ERRORS);
    },
    'another password': (member) =>
      mutate(member, 'changePassword', { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }, ERRORS),
    'a suspension': async ({ id }) =>
      mutate(await appoint(), 'suspendUser', { userId: id, reason: 'Spam' }, ERRORS),
    'a password set by the operator': (member) => setPassword(member),
  };

  it.each(Object.entries(ways))('by %s: the sessions that ended are told, and no other', async (_, end) => {
    const member = await place.member();
    await signIn(member);
    await signIn(member);
    expect(await lost(member)).toEqual([]);
    await end(member);
    const over = (await sessionsOf(member)).filter((session) => session.over).map(({ id }) => id);
    expect(over.length).toBeGreaterThan(0);
    const told = (await lost(member)).flatMap(({ type, payload }) =>
      type === 'session.revoked' ? (payload['sessionIds'] as string[]) : [],
    );
    expect(told.toSorted()).toEqual(over.toSorted());
  });

  it('by a role, a suspension and its end, and an API token that is revoked, is told of as well', async () => {
    const [member, admin] = await Promise.all([place.member(), appoint()]);
    const { uuid: userId } = member;
    const { apiToken } = await mutate<{ apiToken: { id: string } }>(
      member,
      'createApiToken',
      { name: 'A program', scopes: [] },
      'apiToken { id }',
    );
    const [row] = await place.sql<{ id: string }[]>`select id from api_tokens where user_id = ${userId}`;
    await mutate(member, 'revokeApiToken', { id: apiToken.id }, ERRORS);
    await mutate(admin, 'setUserRole', { userId: member.id, role: 'AUTHOR' }, ERRORS);
    const until = '2099-01-01T00:00:00.000Z';
    await mutate(admin, 'suspendUser', { userId: member.id, reason: 'Spam', until }, ERRORS);
    await mutate(admin, 'reinstateUser', { userId: member.id }, ERRORS);
    expect(await lost(member)).toEqual([
      { type: 'apiToken.revoked', payload: { userId, apiTokenId: row?.id } },
      { type: 'user.roleSet', payload: { userId, role: 'AUTHOR', previousRole: 'READER' } },
      { type: 'user.suspended', payload: { userId, until } },
      { type: 'session.revoked', payload: { userId, sessionIds: [expect.any(String) as string] } },
      { type: 'user.reinstated', payload: { userId } },
    ]);
  });

  it('by an operator who sets a password loses each API token, and each is told', async () => {
    const member = await place.member();
    for (const name of ['One', 'Another']) {
      await mutate(member, 'createApiToken', { name, scopes: [] }, ERRORS);
    }
    const tokens = await place.sql<
      { id: string }[]
    >`select id from api_tokens where user_id = ${member.uuid}`;
    await setPassword(member);
    const told = (await lost(member)).filter(({ type }) => type === 'apiToken.revoked');
    expect(told.map(({ payload }) => String(payload['apiTokenId'])).toSorted()).toEqual(
      tokens.map(({ id }) => id).toSorted(),
    );
  });
});
