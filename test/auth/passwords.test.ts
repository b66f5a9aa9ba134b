import { describe, expect, it } from 'vitest';
import { hashPassword, isCommonPassword, passwordLength, verifyPassword } from '../../src/auth/passwords.js';

const PASSWORD = 'ein Pferd aß keinen Gurkensalat';

describe('a password', () => {
  it('is kept as Argon2id with 19 MiB, two passes and a salt of its own', async () => {
    const [one, other] = await Promise.all([hashPassword(PASSWORD), hashPassword(PASSWORD)]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(other).not.toBe(one);
  });

  it('fits its own hash only', async () => {
    const hashed = await hashPassword(PASSWORD);
    expect(await verifyPassword(hashed, PASSWORD)).toBe(true);
    for (const wrong of [PASSWORD.toUpperCase(), `${PASSWORD} `, PASSWORD.slice(0, -1), '']) {
      expect(await verifyPassword(hashed, wrong), wrong).toBe(false);
    }
  });

  it('fits no account without a hash', async () => {
    expect(await verifyPassword(null, PASSWORD)).toBe(false);
    expect(await verifyPassword(null, '')).toBe(false);
  });

  it('is the same however a keyboard composes its accents, and no other', async () => {
    const hashed = await hashPassword('crème brûlée à midi');
    expect(await verifyPassword(hashed, 'crème brûlée à midi'.normalize('NFD'))).toBe(true);
    expect(await verifyPassword(await hashPassword('file with ligature'), 'ﬁle with ligature')).toBe(false);
  });

  it('is as long as it has characters', () => {
    expect(passwordLength('é'.normalize('NFD'))).toBe(1);
    expect(passwordLength('🐎'.repeat(12))).toBe(12);
  });

  it('is common in any case, and only among the first 10,000', async () => {
    for (const common of ['123456qwerty', '1QAZ2wsx3edc', 'MotherFucker', 'password']) {
      expect(await isCommonPassword(common), common).toBe(true);
    }
    expect(await isCommonPassword('correct horse battery staple')).toBe(false);
    expect(await isCommonPassword(PASSWORD)).toBe(false);
  });
});
