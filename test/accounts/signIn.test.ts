import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  bearer,
  documentOf,
  eventsOf,
  GRANTED,
  type Granted,
  mutate,
  PASSWORD,
  usePlace,
  whoAmI,
} from './place.js';

const WRONG = {
  session: null,
  viewer: null,
  userErrors: [{ code: 'INVALID', message: 'The e-mail address or the password is wrong.', field: null }],
};

describe('signing in', () => {
  const place = usePlace();

  const signIn = (
    email: string,
    password: string,
    client = place.visitor(),
    headers?: Record<string, string>,
  ): Promise<Granted> => mutate<Granted>(client, 'signIn', { email, password }, GRANTED, headers);

  /** The whole answer of HTTP. */
  const post = async (email: string, password: string) => {
    const response = await fetch(place.app.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '10.9.8.7' },
      body: JSON.stringify({
        query: documentOf('signIn', GRANTED),
        variables: { input: { email, password } },
      }),
    });
    const headers = [...response.headers].filter(([name]) => !['x-request-id', 'date'].includes(name));
    return { status: response.status, headers, body: await response.text() };
  };

  it('opens a session for whoever knows the password, with the address in any case', async () => {
    const member = await place.member();
    const { session, viewer, userErrors } = await signIn(` ${member.email.toUpperCase()}`, PASSWORD);
    expect(userErrors).toEqual([]);
    expect(viewer).toMatchObject({ id: member.id, username: member.username });
    expect(session?.refreshToken).toMatch(/^tdr_/);
    const minutes = (new Date(session?.expiresAt ?? 0).getTime() - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(14);
    expect(minutes).toBeLessThanOrEqual(15);
    expect(await whoAmI(bearer(place, session?.accessToken ?? ''))).toBe(member.username);
    expect((await eventsOf(place, member.uuid)).map(({ type }) => type)).toEqual([
      'user.created',
      'session.opened',
      'session.opened',
    ]);
  });

  it('answers a wrong password, an unknown address and an account without a password byte for byte alike', async () => {
    const { email } = await place.member();
    const imported = `imported-${randomUUID()}@example.org`;
    await place.sql`insert into users (id, username, name, email)
      values (${randomUUID()}, ${randomUUID()}, 'Imported', ${imported})`;
    const answers = [
      await post(email, 'a wrong password'),
      await post(`nobody-${randomUUID()}@example.org`, PASSWORD),
      await post(imported, PASSWORD),
    ];
    expect(JSON.parse(answers[0]?.body ?? '')).toMatchObject({ data: { signIn: WRONG } });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('runs the same statements whether the address is known or not', async () => {
    const { email } = await place.member();
    const statements = async (address: string) => {
      const ran = await place.app.statementsOf(() => signIn(address, 'a wrong password'));
      return ran.map(({ name }) => name);
    };
    expect(await statements(email)).toEqual(['accounts.credentialsByEmail']);
    expect(await statements('nobody@example.org')).toEqual(['accounts.credentialsByEmail']);
  });

  it('lets many come from one network address at the same moment', async () => {
    const { email } = await place.member();
    const office = place.visitor();
    const all = await Promise.all(Array.from({ length: 20 }, () => signIn(email, PASSWORD, office)));
    expect(all.filter(({ session }) => session === null)).toEqual([]);
  });

  it('sent 50 times with one key opens one session, and answers 50 times alike', async () => {
    const { email, uuid } = await place.member();
    const headers = { 'idempotency-key': randomUUID() };
    const office = place.visitor();
    const all = await Promise.all(Array.from({ length: 50 }, () => signIn(email, PASSWORD, office, headers)));
    expect(new Set(all.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(all[0]?.userErrors).toEqual([]);
    expect(await place.sql`select count(*)::int from sessions where user_id = ${uuid}`).toEqual([
      { count: 2 },
    ]);
  });

  it('tells a suspended user until when and why, but only with the right password', async () => {
    const { email, uuid } = await place.member();
    await place.sql`update users set suspended_at = now(), suspended_until = '2099-01-02T03:04:05Z',
      suspension_reason = 'Spam' where id = ${uuid}`;
    expect(await signIn(email, 'a wrong password')).toEqual(WRONG);
    expect(await signIn(email, PASSWORD)).toEqual({
      session: null,
      viewer: null,
      userErrors: [
        {
          code: 'FORBIDDEN',
          message: 'This account is suspended until 2099-01-02T03:04:05.000Z: Spam',
          field: null,
        },
      ],
    });
    await place.sql`update users set suspended_until = now() - interval '1 second' where id = ${uuid}`;
    expect((await signIn(email, PASSWORD)).userErrors).toEqual([]);
  });
});
