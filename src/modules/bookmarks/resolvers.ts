import type { Context } from '../../context.js';
import type { Resolvers } from '../../generated/resolvers.js';
import { connect, connectionFields, edgeFields } from '../../graphql/connections.js';
import { mutation } from '../../graphql/mutations.js';
import { bookmarkInput } from './inputs.js';

export const bookmarkResolvers: Resolvers = {
  Mutation: {
    addBookmark: mutation(bookmarkInput, async (command, caller, context: Context) => ({
      post: await context.loaders.posts.byId.load(await context.services.bookmarks.add(caller, command)),
    })),
    removeBookmark: mutation(bookmarkInput, async (command, caller, context: Context) => ({
      post: await context.loaders.posts.byId.load(await context.services.bookmarks.remove(caller, command)),
    })),
  },
  User: {
    bookmarks: (user, args, { cursors, loaders }) =>
      connect(cursors, `user.bookmarks:${user.id}`, args, {
        page: (request) => loaders.bookmarks.byUser.load(user.id, request),
        totalCount: () => loaders.bookmarks.countByUser(user.id),
        position: ({ keptAt, id }) => [keptAt.getTime(), id],
      }),
  },
  Post: {
    viewerHasBookmarked: (post, _, { loaders }) => loaders.bookmarks.viewerKeeps(post.id),
  },
  BookmarkConnection: connectionFields,
  BookmarkEdge: edgeFields,
};
