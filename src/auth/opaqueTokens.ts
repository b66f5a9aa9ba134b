import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { parse, stringify } from 'uuid';

// The beginnings tell people, and scanners for leaked secrets, what they have found.
const REFRESH = 'tdr_';
const API = 'tda_';

/** 256 bits: nothing to guess, so a plain digest keeps it as safely as a slow one. */
const RANDOM_BYTES = 32;
const UUID_BYTES = 16;

/** What is kept of a token: enough to recognise it, nothing to use. */
export const digestOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** Compares digests in a time that does not tell where they differ. */
export const sameDigest = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other);

/** The bytes of a token in its one spelling; undefined for everything else. */
function bytesOf(token: string, beginning: string, length: number): Buffer | undefined {
  if (!token.startsWith(beginning)) return undefined;
  const text = token.slice(beginning.length);
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === length && bytes.toString('base64url') === text ? bytes : undefined;
}

/** A refresh token that was just made. It names its session, so that a used one is told from an unknown one. */
export function createRefreshToken(sessionId: string): { readonly token: string; readonly digest: Buffer } {
  const bytes = Buffer.concat([parse(sessionId), randomBytes(RANDOM_BYTES)]);
  return { token: REFRESH + bytes.toString('base64url'), digest: digestOf(bytes) };
}

/** The session that a refresh token names, and its digest; undefined when it is none of ours. */
export function readRefreshToken(
  token: string,
): { readonly sessionId: string; readonly digest: Buffer } | undefined {
  const bytes = bytesOf(token, REFRESH, UUID_BYTES + RANDOM_BYTES);
  if (bytes === undefined) return undefined;
  try {
    return { sessionId: stringify(bytes), digest: digestOf(bytes) };
  } catch {
    // 16 bytes that are no UUID.
    return undefined;
  }
}

/** An API token that was just made. */
export function createApiToken(): { readonly token: string; readonly digest: Buffer } {
  const bytes = randomBytes(RANDOM_BYTES);
  return { token: API + bytes.toString('base64url'), digest: digestOf(bytes) };
}

/** Whether a credential says that it is an API token. */
export const isApiToken = (credential: string): boolean => credential.startsWith(API);

/** The digest of an API token; undefined when it is none of ours. */
export function readApiToken(token: string): Buffer | undefined {
  const bytes = bytesOf(token, API, RANDOM_BYTES);
  return bytes && digestOf(bytes);
}
