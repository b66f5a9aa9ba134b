import type { Context } from '../../context.js';
import type { CommentFacts, LoggedEvent } from '../../events/catalogue.js';
import { topicOf } from '../../events/topics.js';
import { changeOf, type EventSource } from '../../live/source.js';
import { authorisePost, authorsConcernedBy, mayKeepPost, takesPostFrom } from '../posts/public.js';
import { seesComment, sightOf } from './policy.js';

/** What an event says of a comment; undefined for one about the post. */
const commentFactsOf = ({ payload }: LoggedEvent): CommentFacts | undefined =>
  'listed' in payload ? payload : undefined;

/** The comments of a post, of every depth, until the post is taken from the viewer. */
export const postComments = (postId: string, context: Context): EventSource => ({
  kind: 'events',
  topic: topicOf.comments(postId),
  readersOf: postId,
  authorise: () => authorisePost(postId, context),
  hear(event, viewer) {
    if (takesPostFrom(viewer, event)) return 'LOST';
    const facts = commentFactsOf(event);
    if (facts === undefined || event.type === 'comment.reported') return null;
    const { authorId, state, previousState, listed, previouslyListed } = facts;
    const sight = sightOf(viewer);
    // Replies matter to deleted comments only, and those are listed for their replies.
    const sees = (as: CommentFacts['state'], isListed: boolean): boolean =>
      seesComment(sight, { state: as, authorId, replyCount: Number(isListed) });
    return changeOf(previousState !== null && sees(previousState, previouslyListed), sees(state, listed));
  },
  concerns(event) {
    const facts = commentFactsOf(event);
    if (facts === undefined) return authorsConcernedBy(event);
    const isForAuthor = facts.state === 'PENDING' || facts.previousState === 'PENDING';
    return isForAuthor && facts.authorId !== null ? [facts.authorId] : [];
  },
  async find(event, { loaders }: Context) {
    const facts = commentFactsOf(event);
    return facts === undefined ? null : loaders.comments.byId.load(facts.commentId);
  },
  // It waits for a moderator by now, or the post is a draft again.
  mayKeep: (event, viewer) =>
    mayKeepPost(viewer) || (viewer.userId !== null && commentFactsOf(event)?.authorId === viewer.userId),
});
