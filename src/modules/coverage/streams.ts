import type { Context } from '../../context.js';
import { topicOf } from '../../events/topics.js';
import { changeOf, type EventSource } from '../../live/source.js';
import { authorisePost, authorsConcernedBy, mayKeepPost, takesPostFrom } from '../posts/public.js';
import { sightOf } from './policy.js';

/** The coverage of a post, until the post is taken from the viewer. */
export const postCoverage = (postId: string, context: Context): EventSource => ({
  kind: 'events',
  topic: topicOf.coverage(postId),
  readersOf: postId,
  authorise: () => authorisePost(postId, context),
  hear(event, viewer) {
    if (takesPostFrom(viewer, event)) return 'LOST';
    if (event.type === 'coverage.started' || event.type === 'coverage.ended') return 'CHANGED';
    if (!('wasRetracted' in event.payload)) return null;
    const { retracted: seesRetracted } = sightOf(viewer);
    const { retracted, wasRetracted } = event.payload;
    return changeOf(
      event.type !== 'entry.added' && (seesRetracted || !wasRetracted),
      seesRetracted || !retracted,
    );
  },
  concerns: authorsConcernedBy,
  async find({ payload }, { loaders: { coverage } }: Context) {
    if ('entryId' in payload) return coverage.entryById.load(payload.entryId);
    return 'coverageId' in payload ? coverage.byId.load(payload.coverageId) : null;
  },
  mayKeep: (_, viewer) => mayKeepPost(viewer),
});
