import { randomUUID } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifyPassword } from '../../src/auth/passwords.js';
import { createClient, startTestApp, type TestApp } from '../kit/app.js';
import { needsRedis, startRedis, type TestRedis, withoutRedis } from '../kit/redis.js';
import { documentOf, type Granted, GRANTED, newAddress, PASSWORD, type Place, usePlace } from './place.js';

// The real one, which counts.
vi.mock('@node-rs/argon2', { spy: true });

interface Tried {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly code: string;
  readonly extensions: Record<string, unknown>;
  readonly data: unknown;
}

/** Tries to sign in; `code` is OK, or that of the error. */
async function trySignIn(
  endpoint: string,
  email: string,
  password: string,
  address = newAddress(),
  key?: string,
): Promise<Tried> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': address,
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    body: JSON.stringify({ query: documentOf('signIn', GRANTED), variables: { input: { email, password } } }),
  });
  const { data, errors } = (await response.json()) as {
    data: { signIn: Granted } | null;
    errors?: { extensions: { code: string } }[];
  };
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    code: errors?.[0]?.extensions.code ?? data?.signIn.userErrors[0]?.code ?? 'OK',
    extensions: errors?.[0]?.extensions ?? {},
    data,
  };
}

const codesOf = (tried: readonly Tried[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { code } of tried) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
};

async function tryTimes(times: number, work: () => Promise<Tried>): Promise<readonly Tried[]> {
  const all: Tried[] = [];
  for (let time = 0; time < times; time += 1) all.push(await work());
  return all;
}

// Of a process the first check makes a password of its own, that nobody fits: whichever test is first would count it.
beforeAll(() => verifyPassword(null, PASSWORD));

/** How often a request makes or checks a password, which takes long. */
async function passwordsOf(request: () => Promise<unknown>): Promise<number> {
  vi.clearAllMocks();
  await request();
  return vi.mocked(hash).mock.calls.length + vi.mocked(verify).mock.calls.length;
}

describe('after ten wrong passwords in 15 minutes', () => {
  const place = usePlace();

  it('an account is THROTTLED from everywhere, with the right password as well, and says for how long', async () => {
    const { email } = await place.member();
    const { endpoint } = place.app;
    expect(codesOf(await tryTimes(10, () => trySignIn(endpoint, email, 'a wrong password')))).toEqual({
      INVALID: 10,
    });
    const answer = await trySignIn(endpoint, email.toUpperCase(), PASSWORD);
    expect(answer).toEqual({
      status: 429,
      code: 'THROTTLED',
      data: null,
      retryAfter: expect.stringMatching(/^(89\d|900)$/) as string,
      extensions: { code: 'THROTTLED', retryAfter: Number(answer.retryAfter) },
    });
  });

  it('a network address is THROTTLED, whoever wants to sign in from there, and nobody else', async () => {
    const { email } = await place.member();
    const { endpoint } = place.app;
    const address = newAddress();
    let user = 0;
    const wrong = await tryTimes(10, () =>
      trySignIn(endpoint, `nobody-${(user += 1)}@example.org`, PASSWORD, address),
    );
    expect(codesOf(wrong)).toEqual({ INVALID: 10 });
    expect((await trySignIn(endpoint, email, PASSWORD, address)).code).toBe('THROTTLED');
    expect((await trySignIn(endpoint, email, PASSWORD)).code).toBe('OK');
  });

  it('an address that nobody has is THROTTLED like one that somebody has', async () => {
    const { endpoint } = place.app;
    const tried = await tryTimes(11, () => trySignIn(endpoint, 'nobody@example.org', PASSWORD));
    expect(codesOf(tried)).toEqual({ INVALID: 10, THROTTLED: 1 });
  });

  it('none of a burst of 50 more is looked at', async () => {
    const { email } = await place.member();
    let statements = 0;
    const ran = await place.app.statementsOf(async () => {
      const burst = Array.from({ length: 50 }, () =>
        trySignIn(place.app.endpoint, email, 'a wrong password'),
      );
      expect(codesOf(await Promise.all(burst))).toEqual({ INVALID: 10, THROTTLED: 40 });
    });
    for (const { name } of ran) statements += Number(name === 'accounts.credentialsByEmail');
    expect(statements).toBe(10);
  });

  it('a burst of 50 from one address gets no further either', async () => {
    const { email } = await place.member();
    const address = newAddress();
    const burst = Array.from({ length: 50 }, () =>
      trySignIn(place.app.endpoint, email, 'a wrong password', address),
    );
    expect(codesOf(await Promise.all(burst))).toEqual({ INVALID: 10, THROTTLED: 40 });
  });

  it('the password of an account cannot be guessed under a key that was used with it', async () => {
    const { email } = await place.member();
    const { endpoint } = place.app;
    const key = randomUUID();
    const withKey = (password: string) => trySignIn(endpoint, email, password, newAddress(), key);
    expect((await withKey(PASSWORD)).code).toBe('OK');
    expect((await withKey(PASSWORD)).code).toBe('OK');
    expect(codesOf(await tryTimes(10, () => withKey('a wrong password')))).toEqual({ CONFLICT: 10 });
    expect((await withKey('a wrong password')).code).toBe('THROTTLED');
    expect((await withKey(PASSWORD)).code).toBe('THROTTLED');
    expect((await trySignIn(endpoint, email, PASSWORD)).code).toBe('THROTTLED');
  });

  it('nor under a key that somebody signed up with', async () => {
    const { endpoint } = place.app;
    const username = `user-${randomUUID().slice(0, 8)}`;
    const email = `${username}@example.org`;
    const headers = { 'idempotency-key': randomUUID() };
    const signUp = async (password: string): Promise<string> => {
      const { data, errors } = await place
        .visitor()
        .send<{ signUp: Granted }>(
          documentOf('signUp', GRANTED),
          { input: { email, username, password } },
          headers,
        );
      return errors?.[0]?.extensions.code ?? data.signUp.userErrors[0]?.code ?? 'OK';
    };
    expect(await signUp(PASSWORD)).toBe('OK');
    for (let time = 0; time < 10; time += 1) expect(await signUp('a wrong password')).toBe('CONFLICT');
    expect(await signUp(PASSWORD)).toBe('THROTTLED');
    expect((await trySignIn(endpoint, email, PASSWORD)).code).toBe('THROTTLED');
  });

  it('wrong ones with keys of their own count once', async () => {
    const { email } = await place.member();
    const { endpoint } = place.app;
    const wrong = () => trySignIn(endpoint, email, 'a wrong password', newAddress(), randomUUID());
    expect(codesOf(await tryTimes(12, wrong))).toEqual({ INVALID: 10, THROTTLED: 2 });
  });

  it('no password is made for whoever wants to sign up', async () => {
    const { email } = await place.member();
    const visitor = place.visitor();
    const signUp = async (): Promise<string | undefined> => {
      const input = { email, username: 'somebody', password: PASSWORD };
      const { errors } = await visitor.send(documentOf('signUp', GRANTED), { input });
      return errors?.[0]?.extensions.code;
    };
    for (let time = 0; time < 10; time += 1) await signUp();
    expect(await passwordsOf(async () => expect(await signUp()).toBe('THROTTLED'))).toBe(0);
  });

  it('the password of a stolen session cannot be guessed on', async () => {
    const member = await place.member();
    const change = (currentPassword: string) =>
      member.send<{ changePassword: { userErrors: { code: string }[] } }>(
        'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { userErrors { code } } }',
        { input: { currentPassword, newPassword: 'another password of the tests' } },
      );
    const guess = async () =>
      expect((await change('a wrong password')).data.changePassword.userErrors).toEqual([
        { code: 'INVALID' },
      ]);
    expect(await passwordsOf(guess)).toBe(1);
    for (let time = 1; time < 10; time += 1) await guess();
    const once = async () =>
      expect((await change(PASSWORD)).errors).toMatchObject([{ extensions: { code: 'THROTTLED' } }]);
    expect(await passwordsOf(once)).toBe(0);
    expect((await trySignIn(place.app.endpoint, member.email, PASSWORD)).code).toBe('THROTTLED');
  });
});

describe('without TRUSTED_PROXIES', () => {
  const place = usePlace(() => ({ TRUSTED_PROXIES: '' }));

  it('nobody gets more tries by naming other addresses', async () => {
    let user = 0;
    const tried = await tryTimes(11, () =>
      trySignIn(place.app.endpoint, `nobody-${(user += 1)}@example.org`, PASSWORD),
    );
    expect(codesOf(tried)).toEqual({ INVALID: 10, THROTTLED: 1 });
  });
});

describe.skipIf(withoutRedis)(`with a Redis${needsRedis}`, () => {
  let redis: TestRedis;
  let other: TestApp;
  beforeAll(async () => {
    redis = await startRedis();
  });
  const place: Place = usePlace(() => ({ REDIS_URL: redis.url }));
  beforeAll(async () => {
    const env = { DATABASE_URL: place.url, REDIS_URL: redis.url, TRUSTED_PROXIES: '127.0.0.1,::1' };
    other = await startTestApp(env);
  });
  afterAll(async () => {
    await other.stop();
  });
  afterAll(() => redis.stop());

  it('wrong passwords count on all instances together', async () => {
    const { email } = await place.member();
    const tried = await Promise.all(
      Array.from({ length: 30 }, (_, time) =>
        trySignIn((time % 2 === 0 ? place.app : other).endpoint, email, 'a wrong password'),
      ),
    );
    expect(codesOf(tried)).toEqual({ INVALID: 10, THROTTLED: 20 });
    expect((await trySignIn(other.endpoint, email, PASSWORD)).code).toBe('THROTTLED');
  });

  it('a right one on any instance forgets the wrong ones', async () => {
    const { email } = await place.member();
    await tryTimes(9, () => trySignIn(place.app.endpoint, email, 'a wrong password'));
    expect((await trySignIn(other.endpoint, email, PASSWORD)).code).toBe('OK');
    expect(
      codesOf(await tryTimes(9, () => trySignIn(place.app.endpoint, email, 'a wrong password'))),
    ).toEqual({
      INVALID: 9,
    });
  });
});

describe('without the Redis that was promised', () => {
  const place = usePlace(() => ({ REDIS_URL: 'redis://127.0.0.1:1' }));

  it('an instance starts, says so once, and counts for itself', async () => {
    const tried = await tryTimes(11, () => trySignIn(place.app.endpoint, 'nobody@example.org', PASSWORD));
    expect(codesOf(tried)).toEqual({ INVALID: 10, THROTTLED: 1 });
    const lines = place.app.logged.map(({ msg }) => String(msg)).filter((line) => line.includes('Redis'));
    expect(lines).toEqual(['Redis is away; going on without it']);
    expect(await createClient(place.app.endpoint).query('{ viewer { id } }')).toEqual({ viewer: null });
  });
});
