import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import type { Resolvers } from './generated/resolvers.js';
import { typeDefs } from './generated/typeDefs.js';
import { decodeId } from './graphql/globalIds.js';
import { DateTime } from './graphql/scalars.js';
import { badUserInput } from './lib/errors.js';
import { accountResolvers } from './modules/accounts/resolvers.js';
import { auditResolvers } from './modules/audit/resolvers.js';
import { bookmarkResolvers } from './modules/bookmarks/resolvers.js';
import { commentResolvers } from './modules/comments/resolvers.js';
import { coverageResolvers } from './modules/coverage/resolvers.js';
import { followResolvers } from './modules/follows/resolvers.js';
import { postResolvers } from './modules/posts/resolvers.js';
import { reactionResolvers } from './modules/reactions/resolvers.js';
import { readerResolvers } from './modules/readers/resolvers.js';
import { searchResolvers } from './modules/search/resolvers.js';
import { tagResolvers } from './modules/tags/resolvers.js';
import type { Context, Loaders } from './context.js';
import { guardSchema, type OwnershipByType } from './graphql/guard.js';
import type { PostRow, UserRow } from './mappers.js';

const MOST_NODES = 100;

const nodeOf = async (id: string, loaders: Loaders) => {
  const decoded = decodeId(id);
  return decoded === undefined ? null : loaders.node(decoded.type, decoded.uuid);
};

/** What belongs to no module: schema/base.graphql. */
const baseResolvers: Resolvers = {
  DateTime,
  Query: {
    node: (_, { id }, { loaders }) => nodeOf(id, loaders),
    nodes: (_, { ids }, { loaders }) => {
      if (ids.length > MOST_NODES)
        throw badUserInput(`\`ids\` has ${ids.length} members: at most ${MOST_NODES}.`);
      return Promise.all(ids.map((id) => nodeOf(id, loaders)));
    },
  },
};

/** Whose an object is, for the fields that somebody may read of their own only. */
const isOwn: OwnershipByType<Context> = {
  User: (user: UserRow, { viewer }) => user.id === viewer.userId,
  Post: (post: PostRow, { loaders }) => loaders.posts.isOwn(post.id),
};

/** The executable schema: schema/*.graphql with the resolvers of all modules. */
export function createSchema(): GraphQLSchema {
  const schema = makeExecutableSchema({
    typeDefs,
    resolvers: [
      baseResolvers,
      accountResolvers,
      tagResolvers,
      postResolvers,
      commentResolvers,
      coverageResolvers,
      reactionResolvers,
      readerResolvers,
      searchResolvers,
      followResolvers,
      bookmarkResolvers,
      auditResolvers,
    ],
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
  });
  return guardSchema(schema, isOwn);
}
