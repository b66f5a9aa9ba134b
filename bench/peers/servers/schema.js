/** The part of the schema that the bench asks for: the same documents are answered by all that speak it. */
export const typeDefs = /* GraphQL */ `
  scalar DateTime

  type Query {
    post(by: PostBy!): Post
    posts(first: Int = 20, after: String): PostConnection!
    search(query: String!, kinds: [SearchKind!], first: Int = 20): SearchResultConnection!
  }

  type Mutation {
    addComment(input: AddCommentInput!): CommentPayload!
  }

  enum SearchKind {
    POST
  }

  enum CoverageStatus {
    UPCOMING
    LIVE
    ENDED
  }

  input PostBy {
    id: ID
    slug: String
  }

  input AddCommentInput {
    postId: ID!
    parentId: ID
    body: String!
  }

  type PageInfo {
    hasNextPage: Boolean!
    endCursor: String
  }

  type User {
    id: ID!
    username: String!
    name: String!
  }

  type Post {
    id: ID!
    slug: String!
    title: String!
    summary: String
    bodyHtml: String!
    publishedAt: DateTime
    commentCount: Int!
    authors: [User!]!
    coverage: Coverage
    comments(first: Int = 20, after: String, topLevelOnly: Boolean! = true): CommentConnection!
  }

  type PostConnection {
    nodes: [Post!]!
    pageInfo: PageInfo!
  }

  type Comment {
    id: ID!
    parent: Comment
    depth: Int!
    body: String!
    bodyHtml: String!
    createdAt: DateTime!
    version: Int!
    replyCount: Int!
    author: User
    replies(first: Int = 20, after: String): CommentConnection!
  }

  type CommentConnection {
    nodes: [Comment!]!
    pageInfo: PageInfo!
  }

  type Coverage {
    id: ID!
    status: CoverageStatus!
    entryCount: Int!
    entries(first: Int = 20, after: String): CoverageEntryConnection!
  }

  type CoverageEntry {
    id: ID!
    occurredAt: DateTime!
    speaker: String
    bodyHtml: String!
    isKey: Boolean!
  }

  type CoverageEntryConnection {
    nodes: [CoverageEntry!]!
    pageInfo: PageInfo!
  }

  union SearchResult = Post

  type SearchResultEdge {
    node: SearchResult!
  }

  type SearchResultConnection {
    edges: [SearchResultEdge!]!
    pageInfo: PageInfo!
  }

  type UserError {
    code: String!
    message: String!
  }

  type CommentPayload {
    comment: Comment
    userErrors: [UserError!]!
  }
`;
