/** What is asked for, in the words of those that answer. */
import type { Race, Vocabulary } from './works.js';

const OURS: Readonly<Record<Race, string>> = {
  feed: `query Feed { posts(first: 20) {
    nodes { id title slug summary publishedAt commentCount authors { name username }
      comments(first: 3) { nodes { id body createdAt author { name username } } } }
    pageInfo { hasNextPage endCursor } } }`,
  post: `query Post($slug: String!) { post(by: { slug: $slug }) {
    id title slug summary bodyHtml publishedAt commentCount authors { name username }
    coverage { id status entryCount entries(first: 50) { nodes { id occurredAt speaker bodyHtml isKey } } }
    comments(first: 50) {
      nodes { id bodyHtml createdAt replyCount author { name username }
        replies(first: 2) { nodes { id bodyHtml createdAt author { name username } } } }
      pageInfo { hasNextPage endCursor } } } }`,
  thread: `query Thread($id: ID!, $after: String) { post(by: { id: $id }) { id
    comments(first: 100, after: $after, topLevelOnly: false) {
      nodes { id depth parent { id } body createdAt author { name username } }
      pageInfo { hasNextPage endCursor } } } }`,
  search: `query Search($query: String!) { search(query: $query, kinds: [POST], first: 20) {
    edges { node { ... on Post { id title slug summary } } } pageInfo { hasNextPage } } }`,
  write: `mutation Write($input: AddCommentInput!) { addComment(input: $input) {
    comment { id version } userErrors { code } } }`,
};

const AUTHORS =
  'authors: postAuthorsByPostId(orderBy: POSITION_ASC) { nodes { userByUserId { name username } } }';
const AUTHOR = 'author: userByAuthorId { name username }';
const OLDEST = 'orderBy: [CREATED_AT_ASC, ROW_ID_ASC]';
const TOP_LEVEL = `condition: { parentId: null, state: VISIBLE }, ${OLDEST}`;

const POSTGRAPHILE: Readonly<Record<Race, string>> = {
  feed: `query Feed { posts: benchPostgraphilePublishedPosts(first: 20) {
    nodes { id: rowId title slug summary publishedAt commentCount ${AUTHORS}
      comments: commentsByPostId(first: 3, ${TOP_LEVEL}) { nodes { id: rowId body createdAt ${AUTHOR} } } }
    pageInfo { hasNextPage endCursor } } }`,
  post: `query Post($slug: String!) { postSlugBySlug(slug: $slug) { post: postByPostId {
    id: rowId title slug summary bodyHtml publishedAt commentCount ${AUTHORS}
    coverage: coverageByPostId { id: rowId status entryCount
      entries: coverageEntriesByCoverageId(first: 50, condition: { retractedAt: null }, orderBy: [OCCURRED_AT_ASC, ROW_ID_ASC]) {
        nodes { id: rowId occurredAt speaker bodyHtml isKey } } }
    comments: commentsByPostId(first: 50, ${TOP_LEVEL}) {
      nodes { id: rowId bodyHtml createdAt replyCount ${AUTHOR}
        replies: commentsByParentIdAndPostId(first: 2, condition: { state: VISIBLE }, ${OLDEST}) {
          nodes { id: rowId bodyHtml createdAt ${AUTHOR} } } }
      pageInfo { hasNextPage endCursor } } } } }`,
  thread: `query Thread($id: UUID!, $after: Cursor) { post: postByRowId(rowId: $id) { id: rowId
    comments: commentsByPostId(first: 100, after: $after, condition: { state: VISIBLE }, ${OLDEST}) {
      nodes { id: rowId depth parent: commentByParentIdAndPostId { id: rowId } body createdAt ${AUTHOR} }
      pageInfo { hasNextPage endCursor } } } }`,
  search: `query Search($query: String!) { search: benchPostgraphileSearchPosts(query: $query, first: 20) {
    nodes { id: rowId title slug summary } pageInfo { hasNextPage } } }`,
  write: '',
};

const PUBLISHED = 'filter: { listed_at: { _nnull: true } }';
const IN_ORDER = 'sort: ["created_at", "id"]';
const TOP = `filter: { parent_id: { id: { _null: true } }, state: { _eq: "VISIBLE" } }, ${IN_ORDER}`;
const BY_LINE = 'authors: by_line(sort: ["position"]) { user_id { name username } }';
const WRITER = 'author: author_id { name username }';

/** Of each page one more than is wanted, to know whether there are more. */
const DIRECTUS: Readonly<Record<Race, string>> = {
  feed: `query Feed { posts(${PUBLISHED}, sort: ["-listed_at", "-id"], limit: 21) {
    id title slug summary publishedAt: published_at commentCount: comment_count ${BY_LINE}
    comments(${TOP}, limit: 3) { id body createdAt: created_at ${WRITER} } } }`,
  post: `query Post($slug: String!) {
    post_slugs(filter: { slug: { _eq: $slug } }) { post: post_id {
      id title slug summary bodyHtml: body_html publishedAt: published_at commentCount: comment_count ${BY_LINE}
      coverage: coverages { id status entryCount: entry_count
        entries(filter: { retracted_at: { _null: true } }, sort: ["occurred_at", "id"], limit: 50) {
          id occurredAt: occurred_at speaker bodyHtml: body_html isKey: is_key } }
      comments(${TOP}, limit: 51) { id bodyHtml: body_html createdAt: created_at replyCount: reply_count ${WRITER}
        replies(filter: { state: { _eq: "VISIBLE" } }, ${IN_ORDER}, limit: 2) {
          id bodyHtml: body_html createdAt: created_at ${WRITER} } } } } }`,
  thread: `query Thread($id: ID!, $offset: Int) { posts_by_id(id: $id) { id }
    comments(filter: { post_id: { id: { _eq: $id } }, state: { _eq: "VISIBLE" } }, ${IN_ORDER}, limit: 101, offset: $offset) {
      id depth parent: parent_id { id } body createdAt: created_at ${WRITER} } }`,
  search: '',
  write: '',
};

const DOCUMENTS = { ours: OURS, shared: OURS, postgraphile: POSTGRAPHILE, directus: DIRECTUS };

/** The body of a request. */
export const bodyOf = (
  race: Race,
  vocabulary: Vocabulary,
  variables: Readonly<Record<string, unknown>>,
): string =>
  JSON.stringify(vocabulary === 'bare' ? { variables } : { query: DOCUMENTS[vocabulary][race], variables });
