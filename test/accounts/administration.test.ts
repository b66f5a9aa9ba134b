import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
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

interface Outcome {
  readonly user: { readonly username: string; readonly role: string; readonly suspension: unknown } | null;
  readonly userErrors: readonly UserError[];
}

const LAST = 'This is the last administrator. Make somebody else one first.';

describe('administrators', () => {
  const place = usePlace();
  let admin: Member;

  const appoint = async (): Promise<Member> => {
    const member = await place.member();
    await place.sql`update users set role = 'ADMIN' where id = ${member.uuid}`;
    return member;
  };
  // One administrator for each test: who is the last one is what they are about.
  beforeEach(async () => {
    await place.sql`update users set role = 'READER' where role = 'ADMIN'`;
    admin = await appoint();
  });

  const administer = (client: Client, name: string, input: Record<string, unknown>): Promise<Outcome> =>
    mutate<Outcome>(
      client,
      name,
      input,
      `user { username role suspension { since until reason } } ${ERRORS}`,
    );
  const setRole = (client: Client, { id: userId }: { id: string }, role: string): Promise<Outcome> =>
    administer(client, 'setUserRole', { userId, role });
  const suspend = (client: Client, { id: userId }: { id: string }, until?: string): Promise<Outcome> =>
    administer(client, 'suspendUser', { userId, reason: 'Spam', until });

  const auditOf = (uuid: string) =>
    place.sql`select action, operation, subject_type, actor_id, user_id, address is not null as "hasAddress", details
      from audit_log where subject_id = ${uuid} order by created_at, id`;

  it('set roles, which hold from the next request on, with the same token', async () => {
    const member = await place.member();
    const forbidden = [{ code: 'FORBIDDEN' }];
    expect((await setRole(member, admin, 'READER')).userErrors).toMatchObject(forbidden);
    expect((await setRole(admin, member, 'ADMIN')).user).toMatchObject({ role: 'ADMIN' });
    expect((await setRole(member, admin, 'EDITOR')).user).toMatchObject({ role: 'EDITOR' });
    expect((await setRole(admin, member, 'READER')).userErrors).toMatchObject(forbidden);
    expect((await eventsOf(place, admin.uuid)).at(-1)).toEqual({
      type: 'user.roleSet',
      payload: { userId: admin.uuid, role: 'EDITOR', previousRole: 'ADMIN' },
    });
    expect(await auditOf(member.uuid)).toEqual([
      {
        action: 'USER_SET_ROLE',
        operation: 'setUserRole',
        subject_type: 'User',
        actor_id: admin.uuid,
        user_id: member.uuid,
        hasAddress: true,
        details: { from: 'READER', to: 'ADMIN' },
      },
    ]);
  });

  it('can not leave nobody who administers', async () => {
    const conflict = [{ code: 'CONFLICT', message: LAST, field: ['input', 'userId'] }];
    expect((await setRole(admin, admin, 'EDITOR')).userErrors).toEqual(conflict);
    expect((await suspend(admin, admin)).userErrors).toEqual(conflict);
    const second = await appoint();
    expect((await suspend(admin, second)).userErrors).toEqual([]);
    // A suspended one does not count.
    expect((await setRole(admin, admin, 'EDITOR')).userErrors).toEqual(conflict);
    expect(await whoAmI(admin)).toBe(admin.username);
  });

  it('who demote each other at the same moment leave one', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, other] = await Promise.all([appoint(), appoint()]);
      await place.sql`update users set role = 'READER' where role = 'ADMIN' and id not in (${one.uuid}, ${other.uuid})`;
      // Who is suspended before they are asked who they are is refused as such.
      const asked = await Promise.allSettled([
        round % 2 === 0 ? setRole(one, other, 'READER') : suspend(one, other),
        setRole(other, one, 'READER'),
      ]);
      for (const { reason } of asked.filter((answer) => answer.status === 'rejected')) {
        expect(String(reason)).toContain('UNAUTHENTICATED');
      }
      const left = await place.sql`select id from users where role = 'ADMIN' and suspended_at is null`;
      expect(left).toHaveLength(1);
    }
  });

  it('suspend users: their sessions end, their API tokens rest, what they are stays', async () => {
    const member = await place.member();
    const token = await mutate<{ token: string }>(
      member,
      'createApiToken',
      { name: 'A program', scopes: [] },
      `token ${ERRORS}`,
    );
    const program = bearer(place, token.token);
    const { user, userErrors } = await suspend(admin, member, '2099-01-01T00:00:00Z');
    expect(userErrors).toEqual([]);
    expect(user).toMatchObject({
      username: member.username,
      suspension: { until: '2099-01-01T00:00:00.000Z', reason: 'Spam' },
    });
    expect(await whoAmI(member)).toBe('UNAUTHENTICATED');
    expect(await whoAmI(program)).toBe('UNAUTHENTICATED');
    const refused = [
      {
        code: 'FORBIDDEN',
        message: 'This account is suspended until 2099-01-01T00:00:00.000Z: Spam',
        field: null,
      },
    ];
    const refresh = () =>
      mutate<Granted>(place.visitor(), 'refreshSession', { refreshToken: member.refreshToken }, GRANTED);
    const signIn = () =>
      mutate<Granted>(place.visitor(), 'signIn', { email: member.email, password: PASSWORD }, GRANTED);
    expect((await refresh()).userErrors).toEqual(refused);
    expect((await signIn()).userErrors).toEqual(refused);
    expect((await eventsOf(place, member.uuid)).slice(-2)).toMatchObject([
      { type: 'user.suspended', payload: { userId: member.uuid, until: '2099-01-01T00:00:00.000Z' } },
      { type: 'session.revoked' },
    ]);

    const reinstated = await administer(admin, 'reinstateUser', { userId: member.id });
    expect(reinstated).toMatchObject({ user: { suspension: null }, userErrors: [] });
    expect(await whoAmI(program)).toBe(member.username);
    // The sessions of before stay ended.
    expect((await refresh()).userErrors).toMatchObject([{ code: 'EXPIRED' }]);
    expect(await whoAmI(member)).toBe('UNAUTHENTICATED');
    expect((await signIn()).userErrors).toEqual([]);
    expect((await auditOf(member.uuid)).map(({ operation }) => operation as string)).toEqual([
      'suspendUser',
      'reinstateUser',
    ]);
  });

  it('suspend users until a moment that must be ahead', async () => {
    const member = await place.member();
    expect((await suspend(admin, member, '2001-01-01T00:00:00Z')).userErrors).toMatchObject([
      { code: 'INVALID', field: ['input', 'until'] },
    ]);
    expect(await whoAmI(member)).toBe(member.username);
    expect(await auditOf(member.uuid)).toEqual([]);
  });

  it('lift a suspension that is none without a trace among the events', async () => {
    const member = await place.member();
    const before = await eventsOf(place, member.uuid);
    const { userErrors } = await administer(admin, 'reinstateUser', { userId: member.id });
    expect(userErrors).toEqual([]);
    expect(await eventsOf(place, member.uuid)).toEqual(before);
  });

  it('are told of an id of nobody as of every other one that is none', async () => {
    const nobody = Buffer.from(`01${randomUUID().replaceAll('-', '')}`, 'hex').toString('base64url');
    const none = [
      { code: 'NOT_FOUND', message: 'There is no user with this id.', field: ['input', 'userId'] },
    ];
    for (const id of [nobody, 'junk', '']) {
      expect((await setRole(admin, { id }, 'EDITOR')).userErrors).toEqual(none);
      expect((await suspend(admin, { id })).userErrors).toEqual(none);
      expect((await administer(admin, 'reinstateUser', { userId: id })).userErrors).toEqual(none);
    }
  });

  it('alone read who is suspended, and they and the user the e-mail address', async () => {
    const [member, other] = await Promise.all([place.member(), place.member()]);
    await place.sql`update users set suspended_at = now(), suspension_reason = 'Spam' where id = ${other.uuid}`;
    const read = (client: Client, { id }: Member) =>
      client.query('query ($id: ID) { user(by: { id: $id }) { email suspension { reason until } } }', { id });
    expect(await read(admin, other)).toEqual({
      user: { email: other.email, suspension: { reason: 'Spam', until: null } },
    });
    expect(await read(member, other)).toEqual({ user: { email: null, suspension: null } });
    expect(await read(place.visitor(), member)).toEqual({ user: { email: null, suspension: null } });
    expect(await read(member, member)).toEqual({ user: { email: member.email, suspension: null } });
  });

  it('are the only ones to administer', async () => {
    const member = await place.member();
    for (const role of ['READER', 'AUTHOR', 'MODERATOR', 'EDITOR']) {
      await place.sql`update users set role = ${role}::role where id = ${member.uuid}`;
      expect((await setRole(member, member, 'ADMIN')).userErrors, role).toMatchObject([
        { code: 'FORBIDDEN' },
      ]);
      expect((await suspend(member, admin)).userErrors, role).toMatchObject([{ code: 'FORBIDDEN' }]);
    }
    const { errors } = await place
      .visitor()
      .send(`mutation ($input: SetUserRoleInput!) { setUserRole(input: $input) { ${ERRORS} } }`, {
        input: { userId: member.id, role: 'ADMIN' },
      });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});
