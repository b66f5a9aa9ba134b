import { z } from 'zod';
import { noSuch } from '../changes/refusal.js';
import { canonicalLanguage } from '../lib/names.js';
import { isBlank, stripBidiControls } from '../lib/text.js';
import { decodeId, type IdType } from './globalIds.js';

/**
 * The fields that inputs are made of: what they may hold, and what they become. GraphQL has checked their types, and that
 * all text is well-formed Unicode without NUL.
 */

/** What the messages call the types. */
const NOUNS: Record<IdType, string> = {
  User: 'user',
  Tag: 'tag',
  Post: 'post',
  Comment: 'comment',
  Coverage: 'coverage',
  CoverageEntry: 'coverage entry',
  ApiToken: 'API token',
  AuditEntry: 'entry',
};

/** The id of an object of this type, as its UUID. Every other id is that of nothing. */
export const idOfType = (type: IdType) =>
  z.string().transform((id, context) => {
    const decoded = decodeId(id);
    if (decoded?.type === type) return decoded.uuid;
    context.addIssue({ code: 'custom', message: noSuch(NOUNS[type]), params: { code: 'NOT_FOUND' } });
    return z.NEVER;
  });

/** The id of an object of one of these types, with its type. */
export const idOfTypes = <Type extends IdType>(...types: readonly Type[]) =>
  z.string().transform((id, context): { readonly type: Type; readonly uuid: string } => {
    const decoded = decodeId(id);
    const type = types.find((one) => one === decoded?.type);
    if (decoded !== undefined && type !== undefined) return { type, uuid: decoded.uuid };
    const nouns = types.map((one) => NOUNS[one]).join(' or ');
    context.addIssue({ code: 'custom', message: noSuch(nouns), params: { code: 'NOT_FOUND' } });
    return z.NEVER;
  });

/** Characters as people count them in limits: code points. */
const lengthOf = (text: string): number => {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
};

const withinLength = (least: number, most: number) => (text: string, context: z.RefinementCtx) => {
  // Code points are never more than UTF-16 units, so most texts need no counting.
  const length = text.length <= most && text.length > 2 * least ? text.length : lengthOf(text);
  if (length < least) {
    const message = least === 1 ? 'Must not be empty.' : `Needs at least ${least} characters.`;
    context.addIssue({ code: 'custom', message });
  } else if (length > most) {
    const message = `Has ${length} characters: at most ${most} are allowed.`;
    context.addIssue({ code: 'custom', message, params: { code: 'TOO_LONG' } });
  }
};

/** One line of plain text: white space becomes single spaces, controls that could disguise it go. Nothing to see is ''. */
export const line = (least: number, most: number) =>
  z
    .string()
    // The white space that separates lines in any script goes as well: \s knows all of it.
    .transform((text) =>
      isBlank(text)
        ? ''
        : stripBidiControls(text)
            .normalize('NFC')
            .replaceAll(/[\s\p{Cc}]+/gu, ' ')
            .trim(),
    )
    .superRefine(withinLength(least, most));

/** Text of any number of lines, as it was written. */
export const text = (least: number, most: number) =>
  z.string().superRefine((value, context) => withinLength(least, most)(isBlank(value) ? '' : value, context));

/** A BCP 47 language tag, in its one spelling. */
export const language = z
  .string()
  .regex(
    /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/,
    'Must be a BCP 47 language tag, such as `en` or `zh-Hans`.',
  )
  .transform(canonicalLanguage);

/** A moment that GraphQL has read already. */
export const moment = z.date();
