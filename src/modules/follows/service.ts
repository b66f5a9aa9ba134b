import type { Caller } from '../../changes/caller.js';
import type { Change, Changes } from '../../changes/change.js';
import { noSuch, refusal } from '../../changes/refusal.js';
import { topicOf } from '../../events/topics.js';
import { createFollowWriting, type FollowSubject } from './repo/writing.js';

/** Users and tags together. A feed reads one range of an index for each, so there must be an end to it. */
export const MOST_FOLLOWED = 1_000;

const NO_SUBJECT = noSuch('user or tag');
const FULL = `You follow ${MOST_FOLLOWED} users and tags, which is the most. Stop following another one first.`;

/** Within a transaction: who follows, how they stand to the subject, and nobody changes it meanwhile. */
async function standing(change: Change, subject: FollowSubject) {
  const { viewer } = change;
  if (viewer.userId === null) throw refusal('FORBIDDEN', 'Sign in to follow.');
  const followerId = viewer.userId;
  change.authorise('FOLLOW', { type: subject.type, id: subject.uuid, isOwn: true });
  const writing = createFollowWriting(change.tx);
  await writing.hold(followerId);
  const { exists, ...rest } = await writing.standing(followerId, subject);
  if (!exists) throw refusal('NOT_FOUND', NO_SUBJECT, 'subjectId');
  return { writing, followerId, ...rest };
}

const emit = (change: Change, kind: 'added' | 'removed', followerId: string, subjectId: string): void =>
  change.emit({
    topic: topicOf.user(followerId),
    type: `follow.${kind}`,
    payload: { followerId, subjectId },
  });

export type FollowService = ReturnType<typeof createFollowService>;

/** Who follows whom and what. */
export const createFollowService = (changes: Changes) => ({
  /** Follows a user or a tag. What is followed already stays as it is. */
  follow: (caller: Caller, { subjectId: subject }: { subjectId: FollowSubject }): Promise<FollowSubject> =>
    changes.run(caller, async (change) => {
      const { writing, followerId, follows, count } = await standing(change, subject);
      if (subject.uuid === followerId) {
        throw refusal('INVALID', 'Nobody can follow themself. Give the id of somebody else.', 'subjectId');
      }
      if (follows) return subject;
      if (count >= MOST_FOLLOWED) throw refusal('CONFLICT', FULL);
      await writing.add(followerId, subject);
      emit(change, 'added', followerId, subject.uuid);
      return subject;
    }),

  /** Follows no longer. What is not followed stays as it is. */
  unfollow: (caller: Caller, { subjectId: subject }: { subjectId: FollowSubject }): Promise<FollowSubject> =>
    changes.run(caller, async (change) => {
      const { writing, followerId, follows } = await standing(change, subject);
      if (!follows) return subject;
      await writing.remove(followerId, subject);
      emit(change, 'removed', followerId, subject.uuid);
      return subject;
    }),
});
