import type { Resolvers } from '../../generated/resolvers.js';
import { connect, connectionFields, edgeFields } from '../../graphql/connections.js';
import type { NodeType } from '../../graphql/globalIds.js';
import { badUserInput } from '../../lib/errors.js';
import type { Found, FoundNode } from '../../mappers.js';
import { SEARCH_KINDS, type SearchKind } from './repo.js';

const LONGEST_QUERY = 500;

const TYPE_OF_KIND = {
  POST: 'Post',
  COMMENT: 'Comment',
  COVERAGE_ENTRY: 'CoverageEntry',
  USER: 'User',
  TAG: 'Tag',
} as const satisfies Record<SearchKind, NodeType>;

export const searchResolvers: Resolvers = {
  Query: {
    search: (_, { query, kinds, ...args }, { cursors, loaders }) => {
      if (query.length > LONGEST_QUERY) {
        throw badUserInput(
          `\`query\` has ${query.length} characters: at most ${LONGEST_QUERY} are looked for.`,
        );
      }
      const wanted = SEARCH_KINDS.filter((kind) => !kinds?.length || kinds.includes(kind));
      return connect<Found>(cursors, `search:${wanted.join()}:${query}`, args, {
        async page(request) {
          const page = await loaders.search.page(query, wanted, request);
          const found = await Promise.all(
            page.rows.map(async (match) => {
              const object = await loaders.node(TYPE_OF_KIND[match.kind], match.id);
              return object === null ? undefined : { match, query, object: object as FoundNode };
            }),
          );
          // A match can lose its reader between the two statements.
          return { ...page, rows: found.filter((one) => one !== undefined) };
        },
        totalCount: () => loaders.search.count(query, wanted),
        position: ({ match }) => [match.rank, match.id],
      });
    },
  },
  SearchResultConnection: {
    edges: connectionFields.edges,
    pageInfo: connectionFields.pageInfo,
    totalCount: connectionFields.totalCount,
  },
  SearchResultEdge: {
    ...edgeFields,
    node: (edge) => edge.node.object,
    highlight: ({ node: { query, match } }, _, { loaders }) => loaders.search.highlight(query, match),
  },
};
