import { buildSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createViewerDependence } from '../../src/graphql/viewerDependence.js';

const schema = buildSchema(`
  directive @auth(action: Action!) on FIELD_DEFINITION | OBJECT
  directive @viewerDependent on FIELD_DEFINITION
  enum Action { READ USER_READ_EMAIL AUDIT_READ }
  interface Node { id: ID! }
  interface Followed { name: String viewerFollows: Boolean }
  interface Kept { isKept: Boolean @viewerDependent }
  type User implements Node & Followed {
    id: ID!
    name: String
    email: String @auth(action: USER_READ_EMAIL)
    viewerFollows: Boolean
  }
  type Tag implements Node & Followed {
    id: ID!
    name: String
    viewerFollows: Boolean @viewerDependent
  }
  type Post implements Node & Kept {
    id: ID!
    title: String
    isKept: Boolean
    author: User
    tag: Tag
    first: Found
    followed: Followed
    kept: Kept
    next: Post
    log: [Entry]
  }
  type Entry @auth(action: AUDIT_READ) { details: String }
  union Found = Post | User | Tag
  type Query { post: Post mine: Post @viewerDependent }
  type Mutation { publish: Post }
  type Subscription { postPublished: Post mine: Post @viewerDependent }
`);

const depends = createViewerDependence(schema);
const ofSubscription = (selection: string, rest = ''): boolean =>
  depends(parse(`subscription { postPublished { ${selection} } } ${rest}`));

/** `{ next { next { ... } } }`, so many levels. */
const below = (levels: number, selection: string): string =>
  levels === 0 ? selection : `next { ${below(levels - 1, selection)} }`;

describe('an operation depends on its viewer', () => {
  it.each([
    ['with a field that is marked', 'tag { viewerFollows }'],
    ['under any alias', 'title: id t: tag { name: viewerFollows }'],
    ['with a field for what is one’s own', 'author { email }'],
    ['far down', below(30, 'tag { viewerFollows }')],
    ['in an inline fragment', '... { ... on Post { tag { viewerFollows } } }'],
    ['in a member of a union', 'first { ... on User { id } ... on Tag { viewerFollows } }'],
    ['with a field of an interface that one of its types marks', 'followed { viewerFollows }'],
    ['with a field that the interface marks', 'kept { isKept }'],
    ['with what @skip leaves out', 'tag @skip(if: true) { viewerFollows }'],
    ['with a field that is not there', 'nothing'],
    ['with a field of a union, which has none', 'first { id }'],
    ['with a fragment on what is not there', '... on Nothing { id }'],
    ['with a fragment that is not there', '...nothing'],
  ])('%s', (_, selection) => {
    expect(ofSubscription(selection)).toBe(true);
  });

  it.each([
    ['fields that nothing marks', 'id title author { id name }'],
    ['a field of the same name that is another one', 'author { viewerFollows }'],
    ['an alias that looks like a marked field', 'author { viewerFollows: name email: id }'],
    ['what only some roles may read, but for everybody', 'log { details }'],
    ['the types of things', '__typename first { __typename } followed { __typename }'],
    ['a type that marks nothing, below an interface', 'followed { ... on User { viewerFollows } }'],
    ['an interface none of whose types marks the field', 'first { ... on Node { id } }'],
    ['many levels', below(30, 'title')],
  ])('not with %s', (_, selection) => {
    expect(ofSubscription(selection)).toBe(false);
  });

  it('with a fragment that does, wherever it is spread', () => {
    const follows = 'fragment Follows on Tag { viewerFollows }';
    expect(ofSubscription('...Whole', `fragment Whole on Post { tag { ...Follows } } ${follows}`)).toBe(true);
    expect(ofSubscription('first { ...Follows }', follows)).toBe(true);
    expect(ofSubscription('title', follows)).toBe(false);
  });

  it('in one of several fields, and in the root fields themselves', () => {
    expect(depends(parse('{ post { title } again: post { tag { viewerFollows } } }'))).toBe(true);
    expect(depends(parse('{ post { title } }'))).toBe(false);
    expect(depends(parse('{ theirs: mine { title } }'))).toBe(true);
    expect(depends(parse('subscription { mine { title } }'))).toBe(true);
    expect(depends(parse('subscription { ...Root } fragment Root on Subscription { mine { id } }'))).toBe(
      true,
    );
  });

  it('as the one of that name does; without a name, when it is not the only one', () => {
    const two = parse('query A { post { title } } query B { mine { title } }');
    expect(depends(two, 'A')).toBe(false);
    expect(depends(two, 'B')).toBe(true);
    expect(depends(two, 'C')).toBe(true);
    expect(depends(two)).toBe(true);
    expect(depends(parse('fragment Whole on Post { title }'))).toBe(true);
  });

  it('when it changes something, and when it asks for the schema', () => {
    expect(depends(parse('mutation { publish { title } }'))).toBe(true);
    expect(depends(parse('{ __schema { description } }'))).toBe(true);
  });

  it('or does not, found out in one look at each fragment, though each is spread twice in the one before', () => {
    const doubling = Array.from(
      { length: 60 },
      (_, level) =>
        `fragment F${level} on Post { a: next { ...F${level + 1} } b: next { ...F${level + 1} } }`,
    ).join('\n');
    expect(ofSubscription('...F0', `${doubling} fragment F60 on Post { title }`)).toBe(false);
    expect(ofSubscription('...F0', `${doubling} fragment F60 on Post { tag { viewerFollows } }`)).toBe(true);
  });

  it('or does not, found out even of fragments that spread each other', () => {
    const round = 'fragment A on Post { next { ...B } } fragment B on Post { next { ...A } title }';
    expect(ofSubscription('...A', round)).toBe(false);
    expect(ofSubscription('...A tag { viewerFollows }', round)).toBe(true);
  });
});
