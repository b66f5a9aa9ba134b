import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Client } from '../kit/app.js';
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

const NEW_PASSWORD = 'another password of the tests';

interface Created {
  readonly token: string | null;
  readonly apiToken: { readonly id: string; readonly name: string; readonly scopes: string[] } | null;
  readonly userErrors: readonly UserError[];
}

describe('a change of password', () => {
  const place = usePlace();

  const change = (
    client: Client,
    currentPassword: string,
    newPassword: string,
    headers?: Record<string, string>,
  ) =>
    mutate<{ user: { id: string } | null; userErrors: UserError[] }>(
      client,
      'changePassword',
      { currentPassword, newPassword },
      `user { id } ${ERRORS}`,
      headers,
    );
  const signIn = (email: string, password: string) =>
    mutate<Granted>(place.visitor(), 'signIn', { email, password }, GRANTED);

  it('lets the new one in and the old one no more, and ends all other sessions', async () => {
    const member = await place.member();
    const elsewhere = (await signIn(member.email, PASSWORD)).session?.accessToken ?? '';
    expect(await change(member, PASSWORD, NEW_PASSWORD)).toEqual({ user: { id: member.id }, userErrors: [] });
    expect(await whoAmI(member)).toBe(member.username);
    expect(await whoAmI(bearer(place, elsewhere))).toBe('UNAUTHENTICATED');
    expect((await signIn(member.email, PASSWORD)).userErrors).toMatchObject([{ code: 'INVALID' }]);
    expect((await signIn(member.email, NEW_PASSWORD)).userErrors).toEqual([]);
    expect((await eventsOf(place, member.uuid)).map(({ type }) => type).slice(3, 5)).toEqual([
      'user.passwordChanged',
      'session.revoked',
    ]);
  });

  it('needs the old one, and a good new one, and says both', async () => {
    const member = await place.member();
    expect((await change(member, 'a wrong password', 'QWERTY123456')).userErrors).toMatchObject([
      { code: 'INVALID', field: ['input', 'currentPassword'] },
      { code: 'INVALID', field: ['input', 'newPassword'] },
    ]);
    expect((await change(member, PASSWORD, 'short')).userErrors).toMatchObject([
      { code: 'INVALID', field: ['input', 'newPassword'] },
    ]);
    expect((await signIn(member.email, PASSWORD)).userErrors).toEqual([]);
  });

  it('repeated with its key answers as the first time, though the old password is wrong by now', async () => {
    const member = await place.member();
    const headers = { 'idempotency-key': randomUUID() };
    const first = await change(member, PASSWORD, NEW_PASSWORD, headers);
    expect(first.userErrors).toEqual([]);
    expect(await change(member, PASSWORD, NEW_PASSWORD, headers)).toEqual(first);
    const changes = (await eventsOf(place, member.uuid)).filter(
      ({ type }) => type === 'user.passwordChanged',
    );
    expect(changes).toHaveLength(1);
  });

  it('is for signed-in viewers', async () => {
    const { errors } = await place
      .visitor()
      .send(`mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { ${ERRORS} } }`, {
        input: { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
      });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

describe('an API token', () => {
  const place = usePlace();

  const create = (client: Client, scopes: readonly string[], more: Record<string, unknown> = {}) =>
    mutate<Created>(
      client,
      'createApiToken',
      { name: 'A program', scopes, ...more },
      `token apiToken { id name scopes } ${ERRORS}`,
    );
  const tokensOf = async (member: Member) => {
    const { viewer } = await member.query<{ viewer: { apiTokens: { id: string; name: string }[] } }>(
      '{ viewer { apiTokens { id name scopes createdAt expiresAt } } }',
    );
    return viewer.apiTokens;
  };
  const revoke = (client: Client, id: string) =>
    mutate<{ apiToken: { id: string } | null; userErrors: UserError[] }>(
      client,
      'revokeApiToken',
      { id },
      `apiToken { id } ${ERRORS}`,
    );

  it('is shown once, speaks for its user, and is listed without itself', async () => {
    const member = await place.member();
    const { token, apiToken, userErrors } = await create(member, ['PARTICIPATE', 'PARTICIPATE']);
    expect(userErrors).toEqual([]);
    expect(token).toMatch(/^tda_[\w-]{43}$/);
    expect(apiToken).toEqual({
      id: expect.any(String) as string,
      name: 'A program',
      scopes: ['PARTICIPATE'],
    });
    expect(await whoAmI(bearer(place, token ?? ''))).toBe(member.username);
    expect(await tokensOf(member)).toMatchObject([{ ...apiToken, expiresAt: null }]);
    const [kept] = await place.sql<{ text: string }[]>`select api_tokens::text as text from api_tokens
      where user_id = ${member.uuid}`;
    expect(kept?.text).not.toContain(Buffer.from(token?.slice(4) ?? '', 'base64url').toString('hex'));
    expect((await eventsOf(place, member.uuid)).at(-1)?.type).toBe('apiToken.created');
  });

  it('is read with one statement', async () => {
    const member = await place.member();
    const program = bearer(place, (await create(member, [])).token ?? '');
    const statements = await place.app.statementsOf(() => program.send('{ __typename }'));
    expect(statements.map(({ name }) => name)).toEqual(['accounts.userOfApiToken']);
  });

  it('is not listed for anybody else, administrators included', async () => {
    const [member, administrator] = await Promise.all([place.member(), place.member()]);
    await create(member, []);
    await place.sql`update users set role = 'ADMIN' where id = ${administrator.uuid}`;
    for (const client of [administrator, place.visitor()]) {
      expect(
        await client.query('query ($id: ID) { user(by: { id: $id }) { apiTokens { id } } }', {
          id: member.id,
        }),
      ).toEqual({ user: { apiTokens: null } });
    }
  });

  it('may do what its scopes say, and no more than its user may', async () => {
    const member = await place.member();
    await place.sql`update users set role = 'AUTHOR' where id = ${member.uuid}`;
    const createPost = async (scopes: readonly string[]) => {
      const program = bearer(place, (await create(member, scopes)).token ?? '');
      const input = { title: `Post ${randomUUID()}`, body: 'A body' };
      return mutate<{ userErrors: UserError[] }>(program, 'createPost', input, ERRORS);
    };
    for (const scopes of [[], ['PARTICIPATE', 'MODERATE', 'ADMINISTER']]) {
      expect((await createPost(scopes)).userErrors).toMatchObject([{ code: 'FORBIDDEN', field: null }]);
    }
    expect((await createPost(['PUBLISH'])).userErrors).toEqual([]);
    await place.sql`update users set role = 'READER' where id = ${member.uuid}`;
    expect((await createPost(['PUBLISH'])).userErrors).toMatchObject([{ code: 'FORBIDDEN' }]);
  });

  it('with all scopes can neither change the password nor make and revoke tokens', async () => {
    const member = await place.member();
    const all = ['PUBLISH', 'PARTICIPATE', 'MODERATE', 'ADMINISTER'];
    const { token, apiToken } = await create(member, all);
    const program = bearer(place, token ?? '');
    const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const forbidden = [{ code: 'FORBIDDEN', field: null }];
    const changed = await mutate<{ userErrors: UserError[] }>(program, 'changePassword', input, ERRORS);
    expect(changed.userErrors).toMatchObject(forbidden);
    expect((await create(program, [])).userErrors).toMatchObject(forbidden);
    expect((await revoke(program, apiToken?.id ?? '')).userErrors).toMatchObject(forbidden);
    expect(await tokensOf(member)).toHaveLength(1);
  });

  it('is useless once it is revoked, which only its user can do', async () => {
    const [member, other] = await Promise.all([place.member(), place.member()]);
    const { token, apiToken } = await create(member, []);
    const program = bearer(place, token ?? '');
    const id = apiToken?.id ?? '';
    const none = [
      { code: 'NOT_FOUND', field: ['input', 'id'], message: 'There is no API token with this id.' },
    ];
    expect((await revoke(other, id)).userErrors).toEqual(none);
    expect((await revoke(member, member.id)).userErrors).toEqual(none);
    expect(await whoAmI(program)).toBe(member.username);
    expect(await revoke(member, id)).toEqual({ apiToken: { id }, userErrors: [] });
    expect(await whoAmI(program)).toBe('UNAUTHENTICATED');
    expect((await revoke(member, id)).userErrors).toEqual(none);
    expect((await eventsOf(place, member.uuid)).at(-1)?.type).toBe('apiToken.revoked');
  });

  it('is useless after its end, which must be ahead by ten years at most', async () => {
    const member = await place.member();
    const at = (years: number): string =>
      new Date(Date.now() + years * 365.2425 * 24 * 3_600_000).toISOString();
    for (const expiresAt of [at(-0.1), at(10.1)]) {
      expect((await create(member, [], { expiresAt })).userErrors).toMatchObject([
        { code: 'INVALID', field: ['input', 'expiresAt'] },
      ]);
    }
    const program = bearer(place, (await create(member, [], { expiresAt: at(9.9) })).token ?? '');
    expect(await whoAmI(program)).toBe(member.username);
    await place.sql`update api_tokens set expires_at = now() where user_id = ${member.uuid}`;
    expect(await whoAmI(program)).toBe('UNAUTHENTICATED');
  });

  it('that ended makes room for a new one', async () => {
    const member = await place.member();
    await place.sql`insert into api_tokens (id, user_id, name, scopes, digest, expires_at)
      select gen_random_uuid(), ${member.uuid}, 'One of many', '{}', sha256(gen_random_uuid()::text::bytea),
        case when n > 98 then now() end
      from generate_series(1, 100) n`;
    expect((await create(member, [])).userErrors).toEqual([]);
    expect((await create(member, [])).userErrors).toEqual([]);
    expect((await create(member, [])).userErrors).toMatchObject([{ code: 'CONFLICT' }]);
    expect(await tokensOf(member)).toHaveLength(100);
  });

  it('does not exist a hundred and first time, even when many are made at the same moment', async () => {
    const member = await place.member();
    await place.sql`insert into api_tokens (id, user_id, name, scopes, digest)
      select gen_random_uuid(), ${member.uuid}, 'One of many', '{}', sha256(gen_random_uuid()::text::bytea)
      from generate_series(1, 95)`;
    const all = await Promise.all(Array.from({ length: 10 }, () => create(member, [])));
    expect(all.filter(({ token }) => token !== null)).toHaveLength(5);
    expect(all.find(({ token }) => token === null)?.userErrors).toMatchObject([{ code: 'CONFLICT' }]);
  });
});
