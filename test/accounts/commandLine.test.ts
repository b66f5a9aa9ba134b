import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../kit/checkout.js';
import { bearer, eventsOf, GRANTED, type Granted, mutate, PASSWORD, usePlace, whoAmI } from './place.js';

describe('the command `user`', { timeout: 60_000 }, () => {
  const place = usePlace();

  /** Runs it beside the instance, on the same database. */
  const user = async (args: readonly string[], stdin = '') => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/tidings.ts', 'user', ...args], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], DATABASE_URL: place.url },
      stdio: 'pipe',
    });
    child.stdin.end(stdin);
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { code: child.exitCode, stdout, stderr };
  };
  const create = (username: string, args: readonly string[] = [], stdin = '') =>
    user(['create', '--email', `${username}@example.org`, '--username', username, ...args], stdin);
  const signIn = (username: string, password: string) =>
    mutate<Granted>(place.visitor(), 'signIn', { email: `${username}@example.org`, password }, GRANTED);

  it('makes the first administrator, and shows a password once that lets them in', async () => {
    const { code, stdout } = await create('First', ['--role', 'ADMIN', '--name', 'The First']);
    expect(code).toBe(0);
    const [, password = ''] =
      /^Made the account first with the role ADMIN\.\nPassword, shown this once: ([\w-]{24})\n$/.exec(
        stdout,
      ) ?? [];
    expect((await signIn('first', password)).viewer).toMatchObject({ username: 'first', role: 'ADMIN' });
    const [row] = await place.sql<
      { id: string; name: string }[]
    >`select id, name from users where username = 'first'`;
    expect(row?.name).toBe('The First');
    expect(
      await place.sql`select actor_id, operation, action, address, details from audit_log where subject_id = ${row?.id ?? ''}`,
    ).toEqual([
      {
        actor_id: null,
        operation: 'user create',
        action: 'USER_SET_ROLE',
        address: null,
        details: { from: null, to: 'ADMIN' },
      },
    ]);
    expect((await eventsOf(place, row?.id ?? ''))[0]).toMatchObject({ type: 'user.created' });
  });

  it('makes readers, and takes a password from stdin without showing it', async () => {
    const { code, stdout, stderr } = await create('reader', ['--password-stdin'], `${PASSWORD}\n`);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'Made the account reader with the role READER.\n',
      stderr: '',
    });
    expect((await signIn('reader', PASSWORD)).viewer).toMatchObject({ role: 'READER' });
  });

  it('says in one line what is wrong, and makes nothing', async () => {
    const wrong = await create('no--name', ['--password-stdin'], 'short');
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toMatch(/^tidings: username: Must be .* password: A password needs .*\n$/);
    const common = await create('common', ['--password-stdin'], 'qwerty123456');
    expect(common.stderr).toMatch(/^tidings: One of the 10,000 most common passwords\..*\n$/);
    const { username } = await place.member();
    const taken = await create(username.toUpperCase());
    expect(taken).toMatchObject({ code: 1, stdout: '' });
    expect(taken.stderr).toBe(
      `tidings: There is an account with the e-mail address ${username.toUpperCase()}@example.org. Somebody has the user name ${username}.\n`,
    );
    expect((await create('other', ['--role', 'KING'])).stderr).toContain(
      'Allowed choices are READER, AUTHOR',
    );
    expect(await place.sql`select 1 from users where username in ('no--name', 'common', 'other')`).toEqual(
      [],
    );
  });

  it('gives a new password, and ends the sessions and the API tokens of the old one', async () => {
    const member = await place.member();
    const { token } = await mutate<{ token: string }>(
      member,
      'createApiToken',
      { name: 'A program', scopes: [] },
      'token',
    );
    const [apiToken] = await place.sql<{ id: string }[]>`
      select id from api_tokens where user_id = ${member.uuid}`;
    expect(await whoAmI(bearer(place, token))).toBe(member.username);
    const set = await user(
      ['set-password', '--email', member.email.toUpperCase(), '--password-stdin'],
      'another password of the tests',
    );
    expect(set).toEqual({
      code: 0,
      stdout: `${member.username} has a new password, and has to sign in with it everywhere.\n`,
      stderr: '',
    });
    expect(await whoAmI(member)).toBe('UNAUTHENTICATED');
    expect(await whoAmI(bearer(place, token))).toBe('UNAUTHENTICATED');
    const events = await eventsOf(place, member.uuid);
    expect(events.slice(-3)).toEqual([
      { type: 'user.passwordChanged', payload: { userId: member.uuid } },
      {
        type: 'session.revoked',
        payload: { userId: member.uuid, sessionIds: [expect.any(String) as string] },
      },
      { type: 'apiToken.revoked', payload: { userId: member.uuid, apiTokenId: apiToken?.id } },
    ]);
    expect((await signIn(member.username, PASSWORD)).userErrors).toMatchObject([{ code: 'INVALID' }]);
    expect((await signIn(member.username, 'another password of the tests')).userErrors).toEqual([]);
    const nobody = await user(['set-password', '--email', 'nobody@example.org']);
    expect(nobody).toEqual({
      code: 1,
      stdout: '',
      stderr: 'tidings: There is no account with the e-mail address nobody@example.org.\n',
    });
  });

  it('lists all accounts with their roles and suspensions', async () => {
    const [one, other] = await Promise.all([place.member(), place.member()]);
    await place.sql`update users set suspended_at = now(), suspended_until = '2099-01-01T00:00:00Z',
      suspension_reason = '' where id = ${other.uuid}`;
    const { code, stdout } = await user(['list']);
    expect(code).toBe(0);
    const lines = stdout.split('\n').map((line) => line.split('\t'));
    expect(lines[0]).toEqual(['id', 'username', 'email', 'role', 'suspended']);
    expect(lines).toContainEqual([one.id, one.username, one.email, 'READER', '-']);
    expect(lines).toContainEqual([
      other.id,
      other.username,
      other.email,
      'READER',
      'until 2099-01-01T00:00:00.000Z',
    ]);
  });
});
