import { createHmac, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAccessTokens } from '../../src/auth/accessTokens.js';

const SECRET = 'the secret of today, which is long enough';
const OLD_SECRET = 'the secret of yesterday, which is long enough';
const WHO = {
  userId: '01890a5d-ac96-774b-bcce-b302099a8057',
  sessionId: '01890a5d-ac96-774b-bcce-b302099a8058',
};
const MINUTES = 60_000;

const tokens = createAccessTokens({ secret: SECRET, previousSecret: undefined });

type Json = Record<string, unknown>;
const encode = (json: Json): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const decode = (part: string | undefined): Json =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Json;
const partsOf = (token: string) => {
  const [header, payload, signature = ''] = token.split('.');
  return { header: decode(header), payload: decode(payload), signature };
};

/** A token of ours with other words, signed by whatever makes a signature of them. */
async function forged(
  change: { header?: Json; payload?: Json },
  signed: (text: string) => string,
): Promise<string> {
  const { header, payload } = partsOf((await tokens.sign(WHO)).token);
  const text = `${encode({ ...header, ...change.header })}.${encode({ ...payload, ...change.payload })}`;
  return `${text}.${signed(text)}`;
}

describe('an access token', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('says whom it speaks for, for 15 minutes', async () => {
    const { token, expiresAt } = await tokens.sign(WHO);
    const { header, payload } = partsOf(token);
    expect(header).toEqual({
      alg: 'EdDSA',
      typ: 'at+jwt',
      kid: expect.stringMatching(/^[\w-]{16}$/) as string,
    });
    expect(payload).toEqual({
      sub: WHO.userId,
      sid: WHO.sessionId,
      iss: 'tidings',
      aud: 'tidings',
      jti: expect.stringMatching(/^[\da-f-]{36}$/) as string,
      iat: expect.any(Number) as number,
      exp: Number(payload['iat']) + 900,
    });
    expect(expiresAt.getTime()).toBe(Number(payload['exp']) * 1000);
    expect(await tokens.verify(token)).toMatchObject(WHO);
  });

  it('is good on every instance with the same secret, and on no other', async () => {
    const { token } = await tokens.sign(WHO);
    expect(
      await createAccessTokens({ secret: SECRET, previousSecret: undefined }).verify(token),
    ).toMatchObject(WHO);
    expect(
      await createAccessTokens({ secret: OLD_SECRET, previousSecret: undefined }).verify(token),
    ).toBeUndefined();
  });

  it('outlives its secret as long as that is the previous one', async () => {
    const before = createAccessTokens({ secret: OLD_SECRET, previousSecret: undefined });
    const after = createAccessTokens({ secret: SECRET, previousSecret: OLD_SECRET });
    const { token } = await before.sign(WHO);
    expect(await after.verify(token)).toMatchObject(WHO);
    expect(await tokens.verify(token)).toBeUndefined();
    // The new secret signs, the old one no more.
    expect(await before.verify((await after.sign(WHO)).token)).toBeUndefined();
  });

  it('is over after 15 minutes and the 5 seconds that clocks may differ', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-22T12:00:00Z') });
    const { token } = await tokens.sign(WHO);
    vi.setSystemTime(Date.now() + 15 * MINUTES + 4_000);
    expect(await tokens.verify(token)).toMatchObject(WHO);
    vi.setSystemTime(Date.now() + 1_000);
    expect(await tokens.verify(token)).toBeUndefined();
  });

  it('is refused when anything in it was changed', async () => {
    const { token } = await tokens.sign(WHO);
    const { signature } = partsOf(token);
    const someoneElse = await forged({ payload: { sub: WHO.sessionId } }, () => signature);
    expect(await tokens.verify(someoneElse)).toBeUndefined();
    expect(await tokens.verify(`${token.slice(0, -4)}AAAA`)).toBeUndefined();
  });

  it('is refused without a signature, whatever its header says', async () => {
    for (const alg of ['none', 'None', 'NONE', 'EdDSA']) {
      expect(await tokens.verify(await forged({ header: { alg } }, () => '')), alg).toBeUndefined();
    }
  });

  it('is refused when it was signed with the public key, or the secret, as if that were a password', async () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    for (const key of [SECRET, publicKey.export({ format: 'der', type: 'spki' })]) {
      for (const alg of ['HS256', 'EdDSA']) {
        const token = await forged({ header: { alg } }, (text) =>
          createHmac('sha256', key).update(text).digest('base64url'),
        );
        expect(await tokens.verify(token)).toBeUndefined();
      }
    }
  });

  it('is refused from a key that is none of ours, under its own name or ours', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const signed = (text: string): string =>
      signBytes(null, Buffer.from(text), privateKey).toString('base64url');
    for (const header of [{}, { kid: 'another' }, { kid: undefined }, { jwk: { kty: 'OKP' }, kid: '' }]) {
      expect(await tokens.verify(await forged({ header }, signed))).toBeUndefined();
    }
  });

  it.each(['', '.', '..', 'a.b.c', 'tdr_AAAA', 'null', '{}', `${'A'.repeat(100_000)}.e30.`])(
    'is not %.20j',
    async (junk) => {
      expect(await tokens.verify(junk)).toBeUndefined();
    },
  );
});
