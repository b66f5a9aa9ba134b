/** What was answered, whatever the words: whether two answers say the same. */
import { deepStrictEqual } from 'node:assert';
import { decodeId } from '../../src/graphql/globalIds.js';
import type { Vocabulary } from './works.js';

type Json = null | boolean | number | string | readonly Json[] | JsonObject;
interface JsonObject {
  readonly [key: string]: Json;
}

/** What PostGraphile answers: between posts and authors is a table, between slugs and posts another. */
interface OfPostgraphile {
  readonly posts?: { readonly nodes: readonly PostgraphilePost[] };
  readonly postSlugBySlug?: { readonly post: PostgraphilePost };
  readonly search?: { readonly nodes: readonly JsonObject[]; readonly pageInfo: JsonObject };
}
interface PostgraphilePost {
  readonly authors: { readonly nodes: readonly { readonly userByUserId: Json }[] };
}

function ofPostgraphile(data: JsonObject): unknown {
  const { posts, postSlugBySlug, search } = data as OfPostgraphile;
  const postOf = (post: PostgraphilePost) => ({
    ...post,
    authors: post.authors.nodes.map(({ userByUserId }) => userByUserId),
  });
  if (posts !== undefined) return { posts: { ...posts, nodes: posts.nodes.map(postOf) } };
  if (postSlugBySlug !== undefined) return { post: postOf(postSlugBySlug.post) };
  if (search === undefined) return data;
  return { search: { edges: search.nodes.map((node) => ({ node })), pageInfo: search.pageInfo } };
}

/** What Directus answers: lists in place of pages, some with one more than is wanted. */
interface OfDirectus {
  readonly posts?: readonly DirectusPost[];
  readonly post_slugs?: readonly { readonly post: DirectusPost }[];
  readonly posts_by_id?: JsonObject;
  readonly comments?: readonly JsonObject[];
}
interface DirectusPost {
  readonly authors: readonly { readonly user_id: Json }[];
  readonly coverage?: readonly { readonly entries: Json }[];
  readonly comments: readonly { readonly replies?: Json }[];
}

function ofDirectus(data: JsonObject): unknown {
  const { posts, post_slugs: slugs, posts_by_id: post, comments = [] } = data as OfDirectus;
  const pageOf = (rows: readonly unknown[], first: number) => ({
    nodes: rows.slice(0, first),
    pageInfo: { hasNextPage: rows.length > first, endCursor: rows.length === 0 ? null : 'a cursor' },
  });
  const authorsOf = (one: DirectusPost) => one.authors.map((author) => author.user_id);
  if (posts !== undefined) {
    const nodes = posts.map((one) => ({
      ...one,
      authors: authorsOf(one),
      comments: { nodes: one.comments },
    }));
    return { posts: pageOf(nodes, 20) };
  }
  if (slugs === undefined) return { post: { ...post, comments: pageOf(comments, 100) } };
  const [found] = slugs;
  if (found === undefined) return { post: null };
  const [coverage] = found.post.coverage ?? [];
  const withReplies = found.post.comments.map((one) => ({ ...one, replies: { nodes: one.replies } }));
  return {
    post: {
      ...found.post,
      authors: authorsOf(found.post),
      coverage: coverage === undefined ? null : { ...coverage, entries: { nodes: coverage.entries } },
      comments: pageOf(withReplies, 50),
    },
  };
}

/** An answer without what may differ: ids are keys, moments are in UTC, cursors are anything. */
function plain(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => plain(one));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field, name)]));
  if (typeof value !== 'string') return value;
  if (key === 'id') return decodeId(value)?.uuid ?? value;
  if (key === 'endCursor') return 'a cursor';
  return key.endsWith('At') ? new Date(value).toISOString() : value;
}

function canonical(data: JsonObject, vocabulary: Vocabulary): unknown {
  if (vocabulary === 'postgraphile') return plain(ofPostgraphile(data));
  return plain(vocabulary === 'directus' ? ofDirectus(data) : data);
}

/** The data of an answer. @throws Error for one with errors. */
export function dataOf(text: string): JsonObject {
  const { data, errors } = JSON.parse(text) as { data?: JsonObject; errors?: unknown };
  if (errors !== undefined || data === undefined) throw new Error(text.slice(0, 500));
  return data;
}

/** Whether two answers say the same. @throws AssertionError that shows the first differences. */
export const compare = (
  expected: JsonObject,
  of: Vocabulary,
  answer: JsonObject,
  vocabulary: Vocabulary,
): void => deepStrictEqual(canonical(answer, vocabulary), canonical(expected, of));

/** The cursor at the end of a page of the discussion; null: there is no more. */
export function nextPage(data: JsonObject, vocabulary: Vocabulary): string | null {
  if (vocabulary === 'directus') {
    const { comments = [] } = data as OfDirectus;
    return comments.length > 100 ? 'by number' : null;
  }
  const { post } = data as {
    post: { comments: { pageInfo: { hasNextPage: boolean; endCursor: string | null } } };
  };
  const { hasNextPage, endCursor } = post.comments.pageInfo;
  return hasNextPage ? endCursor : null;
}
