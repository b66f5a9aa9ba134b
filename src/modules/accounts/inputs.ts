import { z } from 'zod';
import { PASSWORD_LENGTH, passwordLength } from '../../auth/passwords.js';
import { API_TOKEN_SCOPES, ROLES } from '../../auth/roles.js';
import { idOfType, line, moment } from '../../graphql/inputFields.js';
import { foldCase } from '../../lib/names.js';

const LONGEST_EMAIL = 254;
const LONGEST_NAME = 100;
const LONGEST_REASON = 500;

/** Whatever it is, it is none of ours: what is longer than all of ours is not looked at. */
const LONGEST_CREDENTIAL = 1_000;

const email = z
  .string()
  .trim()
  .max(LONGEST_EMAIL, `An e-mail address has at most ${LONGEST_EMAIL} characters.`)
  .pipe(z.email('Must be an e-mail address, such as name@example.org.'));

/** Letters with their marks, and digits, of any script; single `.`, `-` and `_` between them. */
const USERNAME = /^[\p{L}\p{N}]\p{M}*(?:[._-]?[\p{L}\p{N}]\p{M}*)+$/u;
/** Some marks and letters show nothing: with them two names look like one. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
const USERNAME_LENGTH = { least: 2, most: 30 };

function isUsername(name: string): boolean {
  // The stored form of a name must be its own stored form: otherwise nobody could look it up as it is written.
  const length = Array.from(name).length;
  return (
    length >= USERNAME_LENGTH.least &&
    length <= USERNAME_LENGTH.most &&
    USERNAME.test(name) &&
    !INVISIBLE.test(name) &&
    foldCase(name) === name
  );
}

const username = z
  .string()
  .trim()
  .max(LONGEST_CREDENTIAL, 'Must be 2 to 30 letters or digits.')
  .transform(foldCase)
  .refine(isUsername, 'Must be 2 to 30 letters or digits, with single `.`, `-` and `_` between them.');

const newPassword = z.string().superRefine((password, context) => {
  // Megabytes are not worth their normalising.
  const length = password.length > LONGEST_CREDENTIAL ? password.length : passwordLength(password);
  const { least, most } = PASSWORD_LENGTH;
  if (length < least) {
    context.addIssue({ code: 'custom', message: `A password needs at least ${least} characters.` });
  } else if (length > most) {
    const message = `Has ${length} characters: a password has at most ${most}.`;
    context.addIssue({ code: 'custom', message, params: { code: 'TOO_LONG' } });
  }
});

const givenPassword = z.string().max(LONGEST_CREDENTIAL, 'Longer than any password here.');

/** Anything else is no token, and answers like one that is over. */
const refreshToken = z.string();

export const signUp = z
  .object({
    email,
    username,
    name: line(1, LONGEST_NAME).nullish(),
    password: newPassword,
  })
  .transform(({ name, ...rest }) => ({ ...rest, name: name ?? rest.username }));

export const signIn = z.object({ email, password: givenPassword });

/** For the command line. */
export const setPassword = z.object({ email, password: newPassword });

export const refreshSession = z.object({ refreshToken });

export const signOut = z.object({
  refreshToken,
  everywhere: z
    .boolean()
    .nullish()
    .transform((everywhere) => everywhere ?? false),
});

export const changePassword = z.object({ currentPassword: givenPassword, newPassword });

export const createApiToken = z.object({
  name: line(1, LONGEST_NAME),
  scopes: z.array(z.enum(API_TOKEN_SCOPES)).transform((scopes) => [...new Set(scopes)]),
  expiresAt: moment.nullish().transform((expiresAt) => expiresAt ?? null),
});

export const revokeApiToken = z.object({ id: idOfType('ApiToken') });

const userId = idOfType('User');

export const setUserRole = z.object({ userId, role: z.enum(ROLES) });

export const suspendUser = z.object({
  userId,
  until: moment.nullish().transform((until) => until ?? null),
  reason: line(1, LONGEST_REASON),
});

export const reinstateUser = z.object({ userId });

export type SignUp = z.output<typeof signUp>;
export type SignIn = z.output<typeof signIn>;
export type ChangePassword = z.output<typeof changePassword>;
export type CreateApiToken = z.output<typeof createApiToken>;
