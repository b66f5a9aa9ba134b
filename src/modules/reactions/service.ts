import type { Caller } from '../../changes/caller.js';
import type { Change, Changes } from '../../changes/change.js';
import { noSuch, refusal } from '../../changes/refusal.js';
import { topicOf } from '../../events/topics.js';
import { isPublic, seesSubject, type SubjectFacts } from './policy.js';
import type { ReactionCountRow, ReactionKind } from './repo/reading.js';
import {
  createReactionWriting,
  type Reacted,
  type Reaction,
  type ReactionSubject,
  type ReactionWriting,
} from './repo/writing.js';

const NO_SUBJECT = noSuch('post or comment or coverage entry');
const NOT_PUBLIC = 'Readers do not see this now, so there is no reacting to it.';

/** How a viewer reacts to what. */
export interface React {
  readonly subjectId: ReactionSubject;
  readonly kind: ReactionKind;
}

/** Within a transaction: a subject, and the post that it is or hangs on. */
async function factsOf(
  writing: ReactionWriting,
  { type, uuid }: ReactionSubject,
  userId: string,
): Promise<(SubjectFacts & { readonly postId: string }) | undefined> {
  if (type === 'Post') {
    const [post] = await writing.post(uuid, userId);
    return post && { type, ...post };
  }
  if (type === 'Comment') {
    const [comment] = await writing.comment(uuid, userId);
    return comment && { type, ...comment };
  }
  const [entry] = await writing.entry(uuid, userId);
  return entry && { type, ...entry };
}

/**
 * Within a transaction: adds or removes a reaction to what the viewer and the readers see, and tells its topic when that
 * changed anything. The subject may go out of sight until the commit: then the reaction came just before.
 *
 * @returns all reactions to the subject.
 */
async function react(
  change: Change,
  kind: 'added' | 'removed',
  { subjectId: subject, kind: reactionKind }: React,
  carryOut: (writing: ReactionWriting, reaction: Reaction) => Promise<Reacted | undefined>,
): Promise<readonly ReactionCountRow[]> {
  const { userId } = change.viewer;
  if (userId === null) throw refusal('FORBIDDEN', 'Sign in to react.');
  change.authorise('REACT', { type: subject.type, id: subject.uuid, isOwn: true });
  const writing = createReactionWriting(change.tx);
  const facts = await factsOf(writing, subject, userId);
  if (facts === undefined || !seesSubject(change.viewer, facts)) {
    throw refusal('NOT_FOUND', NO_SUBJECT, 'subjectId');
  }
  if (!isPublic(facts)) throw refusal('CONFLICT', NOT_PUBLIC, 'subjectId');

  const reacted = await carryOut(writing, { subject, userId, kind: reactionKind });
  if (reacted === undefined) return writing.shown(subject.uuid, userId);
  change.emit({
    topic: topicOf.reactions(subject.uuid),
    type: `reaction.${kind}`,
    payload: {
      subjectId: subject.uuid,
      postId: facts.postId,
      userId,
      kind: reactionKind,
      count: reacted.count,
    },
  });
  return reacted.reactions;
}

export type ReactionService = ReturnType<typeof createReactionService>;

/** How viewers react. */
export const createReactionService = (changes: Changes) => ({
  /** Adds a reaction. One that is there already stays. */
  add: (caller: Caller, command: React): Promise<readonly ReactionCountRow[]> =>
    changes.run(caller, (change) =>
      react(change, 'added', command, (writing, reaction) => writing.add(reaction)),
    ),

  /** Takes a reaction back. One that is not there is no error. */
  remove: (caller: Caller, command: React): Promise<readonly ReactionCountRow[]> =>
    changes.run(caller, (change) =>
      react(change, 'removed', command, (writing, reaction) => writing.remove(reaction)),
    ),
});
