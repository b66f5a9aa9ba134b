import type { Context } from '../../context.js';
import { topicOf } from '../../events/topics.js';
import type { ValueSource } from '../../live/source.js';
import { authorisePost } from '../posts/public.js';

/** How many are watching a post. */
export interface ReaderCount {
  readonly postId: string;
  readonly count: number;
}

/** How many are watching a post, until it is taken from the viewer. */
export function postReaders(postId: string, context: Context): ValueSource<Context, ReaderCount> {
  let count = 0;
  return {
    kind: 'value',
    topics: [topicOf.post(postId)],
    readersOf: postId,
    authorise: () => authorisePost(postId, context),
    async read(reading) {
      await authorisePost(postId, reading);
      return { postId, count };
    },
    watch: (changed) =>
      context.presence.watch(postId, (now) => {
        count = now;
        changed();
      }),
  };
}
