import {
  createHash,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  randomUUID,
} from 'node:crypto';
import { type JWTHeaderParameters, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

/** How long an access token is good for. */
const LIFETIME_SECONDS = 15 * 60;

/** How far the clocks of two instances may be apart. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** What every token says of itself; one that says anything else is none of ours. */
const TYPE = 'at+jwt';
const PARTY = 'tidings';

/**
 * Tokens whose signature was found good are remembered until they are over, so many at most: a client sends each of them many
 * times, and checking an Ed25519 signature takes 0.2 ms and a trip to a thread.
 */
const MOST_REMEMBERED = 10_000;

/** Whom an access token speaks for. */
export interface AccessTokenClaims {
  readonly userId: string;
  readonly sessionId: string;
}

/** Signs and checks the short-lived tokens that clients send with each request. */
export interface AccessTokens {
  sign(claims: AccessTokenClaims): Promise<{ readonly token: string; readonly expiresAt: Date }>;
  /** Whom the token speaks for, and until when; undefined when it is not ours, altered or over. */
  verify(token: string): Promise<VerifiedToken | undefined>;
}

/** An access token that was found good. */
export interface VerifiedToken extends AccessTokenClaims {
  readonly expiresAt: Date;
}

interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The DER frame of an Ed25519 private key (RFC 8410), before its 32 bytes. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The same secret makes the same key on every instance. */
function keyFrom(secret: string): SigningKey {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', 'tidings access token key', 32));
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(privateKey);
  const kid = createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('base64url')
    .slice(0, 16);
  return { kid, privateKey, publicKey };
}

const claims = z.object({ sub: z.uuid(), sid: z.uuid(), exp: z.number() });

/**
 * @param secrets `secret` signs; tokens that `previousSecret` signed are good as well, so that a secret can be replaced
 *   without signing anybody out.
 */
export function createAccessTokens({
  secret,
  previousSecret,
}: {
  readonly secret: string;
  readonly previousSecret: string | undefined;
}): AccessTokens {
  const current = keyFrom(secret);
  const keys = new Map([[current.kid, current.publicKey]]);
  if (previousSecret !== undefined) {
    const previous = keyFrom(previousSecret);
    keys.set(previous.kid, previous.publicKey);
  }

  const keyOf = ({ kid }: JWTHeaderParameters | { kid?: string }): KeyObject => {
    const key = keys.get(kid ?? '');
    if (key === undefined) throw new Error('This key is none of ours.');
    return key;
  };

  const remembered = new Map<string, VerifiedToken>();
  const remember = (token: string, verified: VerifiedToken): void => {
    // A map keeps the order of insertion: the first one is the oldest.
    const [oldest] = remembered.size >= MOST_REMEMBERED ? remembered.keys() : [];
    if (oldest !== undefined) remembered.delete(oldest);
    remembered.set(token, verified);
  };

  return {
    async sign({ userId, sessionId }) {
      const issuedAt = Math.floor(Date.now() / 1000);
      const expiry = issuedAt + LIFETIME_SECONDS;
      const token = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: 'EdDSA', typ: TYPE, kid: current.kid })
        .setIssuer(PARTY)
        .setAudience(PARTY)
        .setSubject(userId)
        .setJti(randomUUID())
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiry)
        .sign(current.privateKey);
      return { token, expiresAt: new Date(expiry * 1000) };
    },

    async verify(token) {
      const known = remembered.get(token);
      if (known !== undefined) {
        if (known.expiresAt.getTime() > Date.now()) return known;
        remembered.delete(token);
      }
      try {
        const { payload } = await jwtVerify(token, keyOf, {
          algorithms: ['EdDSA'],
          typ: TYPE,
          issuer: PARTY,
          audience: PARTY,
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'],
        });
        const { sub, sid, exp } = claims.parse(payload);
        const verified = { userId: sub, sessionId: sid, expiresAt: new Date(exp * 1000) };
        remember(token, verified);
        return verified;
      } catch {
        // Why it is refused is of use to forgers only.
        return undefined;
      }
    },
  };
}
