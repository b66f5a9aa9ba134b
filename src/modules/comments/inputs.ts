import { z } from 'zod';
import { idOfType, line, text } from '../../graphql/inputFields.js';

/** The longest of 56,525 real comments has 8,385 characters. */
const LONGEST_COMMENT = 20_000;
const LONGEST_REASON = 500;

const body = text(1, LONGEST_COMMENT);
const id = idOfType('Comment');
const expectedVersion = z.int();

export const addComment = z.object({
  postId: idOfType('Post'),
  parentId: id.nullish().transform((parentId) => parentId ?? null),
  body,
});

export const editComment = z.object({ id, expectedVersion, body });

export const deleteComment = z.object({ id });

export const setCommentState = z.object({
  id,
  state: z.enum(
    ['VISIBLE', 'PENDING', 'HIDDEN'],
    'Must be VISIBLE, HIDDEN or PENDING. To delete a comment there is deleteComment.',
  ),
  reason: line(0, LONGEST_REASON)
    .nullish()
    .transform((reason) => reason ?? ''),
});

export const reportComment = z.object({ id, reason: line(1, LONGEST_REASON) });
