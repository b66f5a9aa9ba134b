import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bearer, eventsOf, GRANTED, type Granted, mutate, PASSWORD, usePlace, whoAmI } from './place.js';

describe('signing up', () => {
  const place = usePlace();

  const signUp = (
    input: Record<string, unknown>,
    client = place.visitor(),
    headers?: Record<string, string>,
  ) => mutate<Granted>(client, 'signUp', input, GRANTED, headers);

  const names = () => {
    const username = `user-${randomUUID().slice(0, 8)}`;
    return { username, email: `${username}@example.org` };
  };

  it('makes a reader with an open session, and says so to the topic of the user', async () => {
    const { username, email } = names();
    const input = { email: ` ${email.toUpperCase()} `, username: username.toUpperCase(), password: PASSWORD };
    const { session, viewer, userErrors } = await signUp(input);
    expect(userErrors).toEqual([]);
    expect(viewer).toMatchObject({ username, role: 'READER' });
    expect(await whoAmI(bearer(place, session?.accessToken ?? ''))).toBe(username);
    const [row] = await place.sql<{ id: string; name: string; email: string; hash: string }[]>`
      select id, name, email, password_hash as hash from users where username = ${username}`;
    expect(row).toMatchObject({
      name: username,
      email: email.toUpperCase(),
      hash: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/) as string,
    });
    const uuid = row?.id ?? '';
    expect(await eventsOf(place, uuid)).toEqual([
      { type: 'user.created', payload: { userId: uuid, role: 'READER' } },
      { type: 'session.opened', payload: { userId: uuid, sessionId: expect.any(String) as string } },
    ]);
  });

  it('lets the new viewer read what is theirs in the same answer, and not what only others may', async () => {
    const { username, email } = names();
    const { signUp: answer } = await place
      .visitor()
      .query<{ signUp: { viewer: Record<string, unknown> } }>(
        `mutation ($input: SignUpInput!) { signUp(input: $input) { viewer { email apiTokens { id } feed { totalCount } suspension { reason } } } }`,
        { input: { username, email, password: PASSWORD } },
      );
    expect(answer.viewer).toEqual({ email, apiTokens: [], feed: { totalCount: 0 }, suspension: null });
  });

  it('keeps neither password nor tokens readable', async () => {
    const { accessToken, refreshToken } = await place.member();
    const tables = await place.sql<{ text: string }[]>`
      select users::text as text from users union all select sessions::text from sessions
      union all select events::text from events union all select idempotency_keys::text from idempotency_keys`;
    const everything = tables.map(({ text }) => text).join('\n');
    for (const secret of [PASSWORD, accessToken, refreshToken]) expect(everything).not.toContain(secret);
    expect(everything).not.toContain(Buffer.from(refreshToken.slice(4), 'base64url').toString('hex'));
  });

  it.each(['ab', 'Änne.von-der_Heide', '中文名', 'नेहा', 'ﾃｽﾄ', 'x2'])(
    'takes the user name %s',
    async (username) => {
      const { viewer, userErrors } = await signUp({ ...names(), username, password: PASSWORD });
      expect(userErrors).toEqual([]);
      expect(viewer?.username).toBe(username.normalize('NFKC').toLowerCase());
    },
  );

  it.each([
    '',
    'a',
    '-ab',
    'ab-',
    'a--b',
    'a b',
    'a@b',
    'a/b',
    '🐎🐎',
    'a\u202Eb',
    'a\u0000'.slice(0, 1),
    'x'.repeat(31),
    // What is longer in its stored form than as it is written.
    '\ufdfa'.repeat(10),
    // What cannot be seen: a combining grapheme joiner, a Hangul filler, a variation selector.
    'a\u034fb',
    'ab\u3164',
    'ab\ufe0f',
  ])('refuses the user name %j', async (username) => {
    const { userErrors } = await signUp({ ...names(), username, password: PASSWORD });
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['input', 'username'] }]);
  });

  it('tells all that is wrong with an input at once, and keeps nothing of it', async () => {
    const before = await place.sql`select count(*) from users`;
    const { session, viewer, userErrors } = await signUp({
      email: 'nobody',
      username: '-',
      name: 'n'.repeat(101),
      password: 'short',
    });
    expect({ session, viewer }).toEqual({ session: null, viewer: null });
    expect(userErrors.map(({ code, field }) => [code, field?.join('.')])).toEqual([
      ['INVALID', 'input.email'],
      ['INVALID', 'input.username'],
      ['TOO_LONG', 'input.name'],
      ['INVALID', 'input.password'],
    ]);
    expect(await place.sql`select count(*) from users`).toEqual(before);
  });

  it.each([
    ['11 characters', 'elevenchars', 'INVALID'],
    ['129 characters', 'x'.repeat(129), 'TOO_LONG'],
    ['one of the most common ones', 'QWERTY123456', 'INVALID'],
  ])('refuses a password of %s', async (_, password, code) => {
    const { userErrors } = await signUp({ ...names(), password });
    expect(userErrors).toMatchObject([{ code, field: ['input', 'password'] }]);
  });

  it('takes passwords of 12 and of 128 characters, whatever they are', async () => {
    for (const password of ['🐎'.repeat(12), '字'.repeat(128), '            ']) {
      expect((await signUp({ ...names(), password })).userErrors).toEqual([]);
    }
  });

  it.each(['\u200b', ' \u3164\u00ad', '\u2800'])(
    'refuses the name %j, of which nothing can be seen',
    async (name) => {
      const { userErrors } = await signUp({ ...names(), name, password: PASSWORD });
      expect(userErrors).toEqual([
        { code: 'INVALID', field: ['input', 'name'], message: 'Must not be empty.' },
      ]);
    },
  );

  it('refuses a user name and an e-mail address that somebody has, in any case', async () => {
    const { username, email } = await place.member();
    const { userErrors } = await signUp({
      username: username.toUpperCase(),
      email: email.toUpperCase(),
      password: PASSWORD,
    });
    expect(userErrors).toMatchObject([
      { code: 'TAKEN', field: ['input', 'email'] },
      { code: 'TAKEN', field: ['input', 'username'] },
    ]);
  });

  it('tells one network address of ten e-mail addresses at most that they are taken', async () => {
    const { email } = await place.member();
    const prober = place.visitor();
    for (let time = 0; time < 10; time += 1) {
      const { userErrors } = await signUp({ ...names(), email, password: PASSWORD }, prober);
      expect(userErrors.map(({ code }) => code)).toEqual(['TAKEN']);
    }
    const { errors } = await prober.send(
      `mutation ($input: SignUpInput!) { signUp(input: $input) { ${GRANTED} } }`,
      {
        input: { ...names(), password: PASSWORD },
      },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'THROTTLED' } }]);
  });

  it('lets many come from one network address at the same moment', async () => {
    const office = place.visitor();
    const all = await Promise.all(
      Array.from({ length: 25 }, () => signUp({ ...names(), password: PASSWORD }, office)),
    );
    expect(all.filter(({ userErrors }) => userErrors.length > 0)).toEqual([]);
  });

  it('gives a name to one of those who want it at the same moment', async () => {
    const { username } = names();
    const all = await Promise.all(
      Array.from({ length: 8 }, () => signUp({ email: names().email, username, password: PASSWORD })),
    );
    expect(all.filter(({ session }) => session !== null)).toHaveLength(1);
    const refused = all.filter(({ session }) => session === null);
    for (const { userErrors } of refused) {
      expect(userErrors).toMatchObject([{ code: 'TAKEN', field: ['input', 'username'] }]);
    }
  });

  it('sent 50 times with one key makes one account and one session, and 50 equal answers', async () => {
    const input = { ...names(), password: PASSWORD };
    const headers = { 'idempotency-key': randomUUID() };
    const office = place.visitor();
    const all = await Promise.all(Array.from({ length: 50 }, () => signUp(input, office, headers)));
    expect(new Set(all.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(all[0]?.userErrors).toEqual([]);
    const [sessions] = await place.sql`
      select count(*)::int from sessions join users on users.id = user_id where username = ${input.username}`;
    expect(sessions).toEqual({ count: 1 });
  });

  it.each(['role', 'id', 'isAdmin'])('has no input %s', async (field) => {
    const { errors } = await place
      .visitor()
      .send(`mutation ($input: SignUpInput!) { signUp(input: $input) { ${GRANTED} } }`, {
        input: { ...names(), password: PASSWORD, [field]: 'ADMIN' },
      });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
