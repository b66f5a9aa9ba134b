import { describe, expect, it } from 'vitest';
import { isListed, seesComment } from '../../src/modules/comments/policy.js';

const AUTHOR = '00000000-0000-4000-8000-000000000001';
const OTHER = '00000000-0000-4000-8000-000000000002';

describe('the facts of a comment', () => {
  it('say for every viewer whether they see it: whether it is listed stands for its replies', () => {
    const sights = [true, false].flatMap((all) =>
      [true, false].flatMap((unpublished) =>
        [null, AUTHOR, OTHER].map((userId) => ({ all, unpublished, userId })),
      ),
    );
    for (const sight of sights) {
      for (const state of ['VISIBLE', 'PENDING', 'HIDDEN', 'DELETED'] as const) {
        for (const authorId of [null, AUTHOR]) {
          for (const replyCount of [0, 1, 7]) {
            const facts = { state, authorId, replyCount: Number(isListed({ state, replyCount })) };
            expect(seesComment(sight, facts)).toBe(seesComment(sight, { state, authorId, replyCount }));
          }
        }
      }
    }
  });
});
