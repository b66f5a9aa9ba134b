import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createPerson } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';

const PROXIED = { TRUSTED_PROXIES: '127.0.0.1,::1', TIDINGS_THROTTLE_ANONYMOUS: '1000/1' };

describe('whoever sends tokens that are not good', () => {
  const publication = usePublication(PROXIED);

  const ask = async (address: string, authorization?: string) => {
    const response = await fetch(publication.app.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-forwarded-for': address,
        ...(authorization !== undefined && { authorization }),
      },
      body: JSON.stringify({ query: '{ viewer { username } }' }),
    });
    return { status: response.status, retryAfter: response.headers.get('retry-after') };
  };

  it('is THROTTLED after a hundred, and has none looked up any more; who is known there, and who reads, goes on', async () => {
    const reader = await createPerson(publication);
    const { createApiToken } = await reader.query<{ createApiToken: { token: string } }>(
      'mutation { createApiToken(input: { name: "A program", scopes: [] }) { token } }',
    );
    const program = `Bearer ${createApiToken.token}`;
    expect((await ask('192.0.2.1', program)).status).toBe(200);
    const guess = () => `Bearer tda_${randomBytes(32).toString('base64url')}`;
    const all = await Promise.all(Array.from({ length: 150 }, () => ask('192.0.2.1', guess())));
    expect(all.filter(({ status }) => status === 401)).toHaveLength(100);
    expect(all.filter(({ status }) => status === 429)).toHaveLength(50);
    const statements = await publication.app.statementsOf(async () => {
      const { status, retryAfter } = await ask('192.0.2.1', guess());
      expect(status).toBe(429);
      expect(Number(retryAfter)).toBeGreaterThan(0);
    });
    expect(statements).toEqual([]);
    expect((await ask('192.0.2.1')).status).toBe(200);
    expect((await ask('192.0.2.1', `Bearer ${reader.accessToken}`)).status).toBe(200);
    expect((await ask('192.0.2.1', program)).status).toBe(200);
  });
});
