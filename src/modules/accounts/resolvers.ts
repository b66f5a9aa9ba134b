import type { Resolvers } from '../../generated/resolvers.js';
import { encodeId, idOf } from '../../graphql/globalIds.js';
import { oneOf } from '../../graphql/oneOf.js';
import { foldCase } from '../../lib/names.js';
import { mayReadEmail } from './policy.js';

export const accountResolvers: Resolvers = {
  Query: {
    viewer: (_, __, { viewer, loaders }) =>
      viewer.userId === null ? null : loaders.accounts.byId.load(viewer.userId),
    user: (_, { by }, { loaders }) =>
      oneOf(by, {
        id: (id) => idOf('User', id, (uuid) => loaders.accounts.byId.load(uuid)),
        username: (username) => loaders.accounts.byUsername.load(foldCase(username)),
      }),
  },
  User: {
    id: (user) => encodeId('User', user.id),
    email: (user, _, { viewer }) => (mayReadEmail(viewer, user) ? user.email : null),
  },
  Post: {
    authors: (post, _, { loaders }) => loaders.accounts.byPost.load(post.id),
  },
};
