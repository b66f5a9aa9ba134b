import { z } from 'zod';
import { idOfType, line, moment, text } from '../../graphql/inputFields.js';

/** The longest of 46,524 real entries has 3,516 characters. */
const LONGEST_ENTRY = 20_000;
const LONGEST_SPEAKER = 200;
const LONGEST_REASON = 500;

const postId = idOfType('Post');
const id = idOfType('CoverageEntry');
const body = text(1, LONGEST_ENTRY);
const speaker = line(1, LONGEST_SPEAKER);

/** What a correction may leave out but not empty. */
const kept = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value, context) => {
    if (value !== null) return value;
    context.addIssue({ code: 'custom', message: 'Must not be null. Leave it out, and it stays as it is.' });
    return z.NEVER;
  });

const EARLIEST = new Date('1000-01-01T00:00:00Z');

export const startCoverage = z.object({ postId });

export const endCoverage = z.object({ postId });

export const addCoverageEntry = z.object({
  postId,
  body,
  speaker: speaker.nullish().transform((name) => name ?? null),
  occurredAt: moment
    // PostgreSQL writes earlier years in a way that a JavaScript Date reads as others.
    .min(EARLIEST, 'Must not be before the year 1000.')
    .nullish()
    .transform((at) => at ?? null),
  isKey: z
    .boolean()
    .nullish()
    .transform((isKey) => isKey ?? false),
});

export const updateCoverageEntry = z.object({
  id,
  expectedVersion: z.int(),
  body: kept(body),
  speaker: speaker.nullish(),
  isKey: kept(z.boolean()),
  isPinned: kept(z.boolean()),
});

export const retractCoverageEntry = z.object({
  id,
  reason: line(0, LONGEST_REASON)
    .nullish()
    .transform((reason) => reason || null),
});
