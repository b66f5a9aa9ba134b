import { randomBytes } from 'node:crypto';
import { hash, type Options, verify } from '@node-rs/argon2';

/**
 * OWASP's parameters for Argon2id, which is the library's default: 19 MiB, two passes, one lane. It runs on libuv's
 * threads, about 20 ms each.
 */
const ARGON2: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The shortest and longest password, in characters (code points). */
export const PASSWORD_LENGTH = { least: 12, most: 128 } as const;

/** How many of the most common passwords are refused. */
const COMMON_PASSWORDS = 10_000;

/**
 * One spelling for what keyboards write in two: macOS and Windows compose an accent differently. Nothing else is
 * changed; NFKC would make different passwords equal.
 */
const asTyped = (password: string): string => password.normalize('NFC');

/** The length of a password in characters (code points), as {@link PASSWORD_LENGTH} counts them. */
export const passwordLength = (password: string): number => Array.from(asTyped(password)).length;

/** The PHC form of a password, with a salt of its own. */
export const hashPassword = (password: string): Promise<string> => hash(asTyped(password), ARGON2);

let nobodysHash: Promise<string> | undefined;

/**
 * Whether the password is the one behind the hash. Without a hash the answer is false and takes as long: a hash that
 * nothing fits is checked instead, so that time does not tell which accounts there are.
 */
export async function verifyPassword(hashed: string | null, password: string): Promise<boolean> {
  const nobodys = await (nobodysHash ??= hashPassword(randomBytes(32).toString('base64')));
  const fits = await verify(hashed ?? nobodys, asTyped(password));
  return fits && hashed !== null;
}

let common: Promise<ReadonlySet<string>> | undefined;

/** The list is sorted by how often each was found in leaks. It takes 8 MB and 50 ms, so a start does not load it. */
async function loadCommonPasswords(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].slice(0, COMMON_PASSWORDS));
}

/** Whether a password, in any case, is among the 10,000 that are tried first. */
export async function isCommonPassword(password: string): Promise<boolean> {
  common ??= loadCommonPasswords();
  return (await common).has(password.toLowerCase());
}
