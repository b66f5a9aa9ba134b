import type { Context } from '../../context.js';
import type { Resolvers } from '../../generated/resolvers.js';
import { encodeId } from '../../graphql/globalIds.js';
import { subscription } from '../../live/source.js';
import { postIdOf } from '../posts/public.js';
import { postReaders } from './streams.js';

export const readerResolvers: Resolvers = {
  Subscription: {
    readersChanged: subscription(({ postId }: { postId: string }, context: Context) =>
      postReaders(postIdOf(postId), context),
    ),
  },
  ReaderCount: {
    postId: ({ postId }) => encodeId('Post', postId),
  },
};
