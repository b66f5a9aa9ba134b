import { readdirSync, readFileSync } from 'node:fs';
import type { CodegenConfig } from '@graphql-codegen/cli';

/** The type of src/mappers.ts that resolvers pass on for each type of the schema. */
const mappers = Object.fromEntries(
  Object.entries({
    User: 'UserRow',
    Tag: 'TagRow',
    Post: 'PostRow',
    Comment: 'CommentRow',
    Coverage: 'CoverageRow',
    CoverageEntry: 'CoverageEntryRow',
    ReactionCount: 'ReactionCountRow',
    ReactionPayload: 'ReactionAnswer',
    SearchResult: 'FoundNode',
    TagConnection: 'TagConnection',
    TagEdge: 'TagEdge',
    PostConnection: 'PostConnection',
    PostEdge: 'PostEdge',
    PostRevision: 'PostRevisionRow',
    PostRevisionConnection: 'PostRevisionConnection',
    PostRevisionEdge: 'PostRevisionEdge',
    CommentConnection: 'CommentConnection',
    CommentEdge: 'CommentEdge',
    CommentQueueConnection: 'CommentQueueConnection',
    CommentQueueEdge: 'CommentQueueEdge',
    CommentReport: 'CommentReportRow',
    CoverageEntryConnection: 'CoverageEntryConnection',
    CoverageEntryEdge: 'CoverageEntryEdge',
    FollowedUserConnection: 'FollowedUserConnection',
    FollowedUserEdge: 'FollowedUserEdge',
    FollowedTagConnection: 'FollowedTagConnection',
    FollowedTagEdge: 'FollowedTagEdge',
    BookmarkConnection: 'BookmarkConnection',
    BookmarkEdge: 'BookmarkEdge',
    AuditEntry: 'AuditEntryRow',
    AuditEntryConnection: 'AuditEntryConnection',
    AuditEntryEdge: 'AuditEntryEdge',
    SearchResultConnection: 'SearchResultConnection',
    SearchResultEdge: 'SearchResultEdge',
    PostEvent: 'PostEvent',
    CommentEvent: 'CommentEvent',
    CoverageEvent: 'CoverageEvent',
    PostEventConnection: 'PostEventConnection',
    PostEventEdge: 'PostEventEdge',
    CommentEventConnection: 'CommentEventConnection',
    CommentEventEdge: 'CommentEventEdge',
    CoverageEventConnection: 'CoverageEventConnection',
    CoverageEventEdge: 'CoverageEventEdge',
    ReactionSummary: 'ReactionSummary',
    ReaderCount: 'ReaderCount',
  }).map(([type, row]) => [type, `../mappers.js#${row}${type === row ? ` as ${row}Mapper` : ''}`]),
);

/** All SDL files as one document: loaded one by one, they come in whatever order the disk answers. */
const sdl = readdirSync('schema')
  .toSorted()
  .map((name) => readFileSync(`schema/${name}`, 'utf8'))
  .join('\n');

const config: CodegenConfig = {
  schema: sdl,
  // As written: roles from least to most, fields from plain to nested.
  config: { sort: false },
  generates: {
    'src/generated/typeDefs.ts': { plugins: ['./tools/codegen-type-defs.js'] },
    'src/generated/resolvers.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        contextType: '../context.js#Context',
        mappers,
        enumsAsTypes: true,
        immutableTypes: true,
        useTypeImports: true,
        resolversNonOptionalTypename: { unionMember: true, interfaceImplementingType: true },
        scalars: { DateTime: { input: 'Date', output: 'Date' }, ID: 'string' },
      },
    },
  },
};

export default config;
