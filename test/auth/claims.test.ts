import { createPrivateKey, hkdfSync } from 'node:crypto';
import { decodeProtectedHeader, type JWTPayload, SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { createAccessTokens } from '../../src/auth/accessTokens.js';

const SECRET = 'the secret of today, which is long enough';
const WHO = {
  userId: '01890a5d-ac96-774b-bcce-b302099a8057',
  sessionId: '01890a5d-ac96-774b-bcce-b302099a8058',
};
const tokens = createAccessTokens({ secret: SECRET, previousSecret: undefined });

/** Our own signing key, made from the secret as the source makes it: whoever else signs with it must be refused too. */
const key = createPrivateKey({
  key: Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    Buffer.from(hkdfSync('sha256', SECRET, '', 'tidings access token key', 32)),
  ]),
  format: 'der',
  type: 'pkcs8',
});

const now = Math.floor(Date.now() / 1000);
const GOOD: JWTPayload = {
  sub: WHO.userId,
  sid: WHO.sessionId,
  iss: 'tidings',
  aud: 'tidings',
  jti: 'one',
  iat: now,
  exp: now + 60,
};

async function signed(payload: JWTPayload, typ: string | undefined): Promise<string> {
  const { kid = '' } = decodeProtectedHeader((await tokens.sign(WHO)).token);
  return new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', kid, ...(typ && { typ }) }).sign(key);
}

it('an access token that our key signed is good with all its claims', async () => {
  expect(await tokens.verify(await signed(GOOD, 'at+jwt'))).toMatchObject(WHO);
});

it.each([
  ['for another audience', { aud: 'another' }],
  ['from another issuer', { iss: 'another' }],
  ['for nobody', { sub: undefined }],
  ['for what is no account', { sub: 'root' }],
  ['without a session', { sid: undefined }],
  ['without an end', { exp: undefined }],
  ['without a beginning', { iat: undefined }],
  ['without an id', { jti: undefined }],
  ['that ended', { exp: now - 10 }],
  ['that begins later', { nbf: now + 60 }],
])('a token of our key %s is refused', async (_, change) => {
  expect(await tokens.verify(await signed({ ...GOOD, ...change } as JWTPayload, 'at+jwt'))).toBeUndefined();
});

it.each([undefined, 'JWT', 'dpop+jwt'])('a token of our key of the type %s is refused', async (typ) => {
  expect(await tokens.verify(await signed(GOOD, typ))).toBeUndefined();
});
