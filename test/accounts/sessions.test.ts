import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createClient, startTestApp, TEST_SECRET } from '../kit/app.js';
import {
  bearer,
  ERRORS,
  eventsOf,
  GRANTED,
  type Granted,
  type Member,
  mutate,
  PASSWORD,
  type UserError,
  usePlace,
  whoAmI,
} from './place.js';

const EXPIRED = {
  session: null,
  viewer: null,
  userErrors: [
    {
      code: 'EXPIRED',
      message: 'This refresh token is not good any more. Sign in again.',
      field: ['input', 'refreshToken'],
    },
  ],
};

describe('a session', () => {
  const place = usePlace();

  const refresh = (refreshToken: string, headers?: Record<string, string>): Promise<Granted> =>
    mutate<Granted>(place.visitor(), 'refreshSession', { refreshToken }, GRANTED, headers);

  const signIn = ({ email }: Member): Promise<Granted> =>
    mutate<Granted>(place.visitor(), 'signIn', { email, password: PASSWORD }, GRANTED);

  const signOut = (refreshToken: string, everywhere?: boolean) =>
    mutate<{ userErrors: UserError[] }>(place.visitor(), 'signOut', { refreshToken, everywhere }, ERRORS);

  const sessionOf = ({ session }: Granted) => {
    if (session === null) throw new Error('There is no session.');
    return session;
  };

  it('is renewed by its newest refresh token, which is good once', async () => {
    const member = await place.member();
    const renewed = await refresh(member.refreshToken);
    expect(renewed.userErrors).toEqual([]);
    expect(renewed.viewer).toMatchObject({ id: member.id, username: member.username });
    const { accessToken, refreshToken } = sessionOf(renewed);
    expect(refreshToken).not.toBe(member.refreshToken);
    expect(await whoAmI(bearer(place, accessToken))).toBe(member.username);
    expect(sessionOf(await refresh(refreshToken)).refreshToken).not.toBe(refreshToken);
    expect((await eventsOf(place, member.uuid)).map(({ type }) => type)).toEqual([
      'user.created',
      'session.opened',
      'session.renewed',
      'session.renewed',
    ]);
  });

  it('ends with all that came of it when a refresh token comes a second time', async () => {
    const member = await place.member();
    const { accessToken, refreshToken } = sessionOf(await refresh(member.refreshToken));
    const elsewhere = sessionOf(await signIn(member));
    expect(await refresh(member.refreshToken)).toEqual(EXPIRED);
    expect(await refresh(refreshToken)).toEqual(EXPIRED);
    expect(await whoAmI(bearer(place, accessToken))).toBe('UNAUTHENTICATED');
    expect(await whoAmI(member)).toBe('UNAUTHENTICATED');
    // Other sessions of the same user have nothing to do with it.
    expect(await whoAmI(bearer(place, elsewhere.accessToken))).toBe(member.username);
    const revoked = (await eventsOf(place, member.uuid)).filter(({ type }) => type === 'session.revoked');
    expect(revoked).toEqual([
      {
        type: 'session.revoked',
        payload: { userId: member.uuid, sessionIds: [expect.any(String) as string] },
      },
    ]);
  });

  it('is renewed for one of two who come with its token at the same moment, and ends', async () => {
    const member = await place.member();
    const all = await Promise.all([refresh(member.refreshToken), refresh(member.refreshToken)]);
    const granted = all.filter(({ session }) => session !== null);
    expect(granted).toHaveLength(1);
    expect(all.filter(({ session }) => session === null)).toEqual([EXPIRED]);
    const [{ accessToken, refreshToken } = { accessToken: '', refreshToken: '' }] = granted.map(sessionOf);
    expect(await whoAmI(bearer(place, accessToken))).toBe('UNAUTHENTICATED');
    expect(await refresh(refreshToken)).toEqual(EXPIRED);
  });

  it('is renewed once for a client that repeats itself with one key, because the answer was lost', async () => {
    const member = await place.member();
    const headers = { 'idempotency-key': randomUUID() };
    const all = await Promise.all(Array.from({ length: 50 }, () => refresh(member.refreshToken, headers)));
    expect(new Set(all.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(all[0]?.userErrors).toEqual([]);
    const [first] = all;
    if (first === undefined) throw new Error('Nothing was answered.');
    expect(await whoAmI(bearer(place, sessionOf(first).accessToken))).toBe(member.username);
  });

  it('is not renewed by what is no refresh token of it', async () => {
    const member = await place.member();
    const unknown = `tdr_${Buffer.concat([Buffer.from(randomUUID().replaceAll('-', ''), 'hex'), Buffer.alloc(32)]).toString('base64url')}`;
    for (const token of ['', 'junk', unknown, member.accessToken, `${member.refreshToken}A`]) {
      expect(await refresh(token), token).toEqual(EXPIRED);
    }
    expect((await refresh(member.refreshToken)).userErrors).toEqual([]);
  });

  it('is not renewed after its end, and does not end a second time', async () => {
    const member = await place.member();
    await place.sql`update sessions set expires_at = now() - interval '1 second' where user_id = ${member.uuid}`;
    expect(await refresh(member.refreshToken)).toEqual(EXPIRED);
    expect(await whoAmI(member)).toBe('UNAUTHENTICATED');
    expect((await eventsOf(place, member.uuid)).map(({ type }) => type)).not.toContain('session.revoked');
  });

  it('lasts for 30 days from its last renewal', async () => {
    const member = await place.member();
    await place.sql`update sessions set expires_at = now() + interval '1 minute' where user_id = ${member.uuid}`;
    await refresh(member.refreshToken);
    expect(
      await place.sql`select expires_at > now() + interval '29 days 23 hours' as "lasts" from sessions
        where user_id = ${member.uuid}`,
    ).toEqual([{ lasts: true }]);
  });

  it('ends with signing out, its access token at once, and no other one', async () => {
    const member = await place.member();
    const elsewhere = sessionOf(await signIn(member));
    expect(await signOut(member.refreshToken)).toEqual({ userErrors: [] });
    expect(await whoAmI(member)).toBe('UNAUTHENTICATED');
    expect(await refresh(member.refreshToken)).toEqual(EXPIRED);
    expect(await whoAmI(bearer(place, elsewhere.accessToken))).toBe(member.username);
  });

  it('ends with signing out everywhere, wherever it was opened', async () => {
    const member = await place.member();
    const sessions = await Promise.all([signIn(member), signIn(member)]);
    expect(await signOut(member.refreshToken, true)).toEqual({ userErrors: [] });
    for (const { accessToken, refreshToken } of sessions.map(sessionOf)) {
      expect(await whoAmI(bearer(place, accessToken))).toBe('UNAUTHENTICATED');
      expect(await refresh(refreshToken)).toEqual(EXPIRED);
    }
    const revoked = (await eventsOf(place, member.uuid)).at(-1);
    expect(revoked).toMatchObject({ type: 'session.revoked', payload: { userId: member.uuid } });
    const { sessionIds } = (revoked?.payload ?? {}) as { sessionIds?: string[] };
    expect(sessionIds).toHaveLength(3);
  });

  it('that is over can be signed out of without an error', async () => {
    const { refreshToken } = await place.member();
    for (const token of [refreshToken, refreshToken, 'junk', '']) {
      expect(await signOut(token)).toEqual({ userErrors: [] });
    }
  });

  it('cannot end the others with a refresh token that was used', async () => {
    const member = await place.member();
    const elsewhere = sessionOf(await signIn(member));
    await refresh(member.refreshToken);
    expect(await signOut(member.refreshToken, true)).toEqual({ userErrors: [] });
    expect(await whoAmI(member)).toBe('UNAUTHENTICATED');
    expect(await whoAmI(bearer(place, elsewhere.accessToken))).toBe(member.username);
  });
});

describe('credentials', () => {
  const place = usePlace();

  it('are read with one statement for each request', async () => {
    const member = await place.member();
    const statements = await place.app.statementsOf(() => member.send('{ __typename }'));
    expect(statements.map(({ name }) => name)).toEqual(['accounts.userOfSession']);
    const anonymous = await place.app.statementsOf(() => place.app.send('{ __typename }'));
    expect(anonymous).toEqual([]);
  });

  it('that are broken are refused, never taken for none', async () => {
    const { accessToken, refreshToken } = await place.member();
    const broken = [
      'Bearer',
      'Bearer ',
      'Bearer junk',
      'Basic dXNlcjpwYXNz',
      accessToken,
      `Bearer ${accessToken} ${accessToken}`,
      `Bearer ${accessToken.slice(0, -3)}AAA`,
      `Bearer ${refreshToken}`,
      'Bearer tda_junk',
      `Bearer tda_${'A'.repeat(43)}`,
    ];
    for (const authorization of broken) {
      const response = await fetch(place.app.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query: '{ posts { totalCount } }' }),
      });
      expect(response.status, authorization).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.json()).toEqual({
        errors: [
          {
            message: expect.stringContaining('not good, or not any more') as string,
            extensions: { code: 'UNAUTHENTICATED' },
          },
        ],
      });
    }
  });

  it('are read in any case of the scheme', async () => {
    const { accessToken, username } = await place.member();
    const client = createClient(place.app.endpoint, { authorization: `bearer  ${accessToken}` });
    expect(await whoAmI(client)).toBe(username);
  });
});

describe('a new AUTH_SECRET', () => {
  const place = usePlace();

  it('signs nobody out as long as the old one is AUTH_SECRET_PREVIOUS', async () => {
    const member = await place.member();
    const secrets = { AUTH_SECRET: 'another secret of the tests, long enough to be one' };
    const start = (env: Record<string, string>) =>
      startTestApp({ DATABASE_URL: place.url, ...secrets, ...env });
    const [rotated, replaced] = await Promise.all([start({ AUTH_SECRET_PREVIOUS: TEST_SECRET }), start({})]);
    try {
      const authorization = `Bearer ${member.accessToken}`;
      expect(await whoAmI(createClient(rotated.endpoint, { authorization }))).toBe(member.username);
      expect(await whoAmI(createClient(replaced.endpoint, { authorization }))).toBe('UNAUTHENTICATED');
      const { refreshToken } = member;
      const renewed = await mutate<Granted>(rotated, 'refreshSession', { refreshToken }, GRANTED);
      const fresh = `Bearer ${renewed.session?.accessToken ?? ''}`;
      expect(await whoAmI(createClient(replaced.endpoint, { authorization: fresh }))).toBe(member.username);
    } finally {
      await Promise.all([rotated.stop(), replaced.stop()]);
    }
  });
});
