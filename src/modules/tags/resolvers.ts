import type { Resolvers } from '../../generated/resolvers.js';
import { connect, connectionFields, edgeFields } from '../../graphql/connections.js';
import { encodeId } from '../../graphql/globalIds.js';
import { foldCase } from '../../lib/names.js';
import type { TagRow } from './repo.js';

const bySlug = (tag: TagRow) => [tag.slug, tag.id] as const;

export const tagResolvers: Resolvers = {
  Query: {
    tag: (_, { slug }, { loaders }) => loaders.tags.bySlug.load(foldCase(slug)),
    tags: (_, args, { cursors, loaders }) =>
      connect(cursors, 'tags', args, {
        page: (request) => loaders.tags.list(request),
        totalCount: () => loaders.tags.count(),
        position: bySlug,
      }),
  },
  Tag: {
    id: (tag) => encodeId('Tag', tag.id),
    postCount: (tag, _, { loaders }) => loaders.posts.countByTag(tag.id),
  },
  Post: {
    tags: (post, _, { loaders }) => loaders.tags.byPost.load(post.id),
  },
  TagConnection: connectionFields,
  TagEdge: edgeFields,
};
