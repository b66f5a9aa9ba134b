import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  createApiToken,
  createRefreshToken,
  isApiToken,
  readApiToken,
  readRefreshToken,
  sameDigest,
} from '../../src/auth/opaqueTokens.js';

describe('a refresh token', () => {
  const sessionId = randomUUID();

  it('names its session, and is recognised by its digest', () => {
    const { token, digest } = createRefreshToken(sessionId);
    expect(token).toMatch(/^tdr_[\w-]{64}$/);
    expect(readRefreshToken(token)).toEqual({ sessionId, digest });
    expect(digest).toHaveLength(32);
  });

  it('is another one each time', () => {
    const [one, other] = [createRefreshToken(sessionId), createRefreshToken(sessionId)];
    expect(one.token).not.toBe(other.token);
    expect(sameDigest(one.digest, other.digest)).toBe(false);
    expect(sameDigest(one.digest, Buffer.from(one.digest))).toBe(true);
  });

  it('has one spelling', () => {
    const { token } = createRefreshToken(sessionId);
    for (const other of [
      '',
      'tdr_',
      token.slice(4),
      token.slice(0, -1),
      `${token}A`,
      `${token}=`,
      ` ${token}`,
      token.replace('tdr_', 'tda_'),
      `tdr_${'!'.repeat(64)}`,
      `tdr_${'P'.repeat(64)}`,
    ]) {
      expect(readRefreshToken(other), other).toBeUndefined();
    }
  });
});

describe('an API token', () => {
  it('is recognised by its digest', () => {
    const { token, digest } = createApiToken();
    expect(token).toMatch(/^tda_[\w-]{43}$/);
    expect(isApiToken(token)).toBe(true);
    expect(readApiToken(token)).toEqual(digest);
    expect(createApiToken().token).not.toBe(token);
  });

  it('has one spelling', () => {
    const { token } = createApiToken();
    for (const other of ['', 'tda_', token.slice(4), `${token}A`, createRefreshToken(randomUUID()).token]) {
      expect(readApiToken(other), other).toBeUndefined();
    }
  });
});
