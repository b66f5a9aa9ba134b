import type { NodeType } from '../../src/graphql/globalIds.js';
import { MARK, type Subject, type ViewerName } from './world.js';

/** A way to an object. */
export interface Route {
  readonly name: string;
  readonly type: NodeType;
  /** A document that asks for a selection of the object, or of a list that may hold it. */
  readonly document: (selection: string) => string;
  readonly variables: (subject: Subject) => Record<string, unknown>;
  /** For which objects this way exists at all. On all others it must lead to nothing. */
  readonly leadsTo: (subject: Subject) => boolean;
  /** Who may go this way, when that is not everybody. */
  readonly open?: readonly ViewerName[];
}

const always = (): boolean => true;
const ifPublic = ({ isPublic }: Subject): boolean => isPublic;
const around =
  (key: string) =>
  ({ around: objects }: Subject): Record<string, unknown> => ({ key: objects[key] });
const hasAround =
  (key: string) =>
  ({ around: objects }: Subject): boolean =>
    objects[key] !== undefined;

/** Below an object of any type, by its id. */
const below = (type: string, selection: string): string =>
  `query ($key: ID!) { node(id: $key) { ... on ${type} { ${selection} } } }`;

const everywhere = (type: NodeType): Route[] => [
  {
    name: 'node',
    type,
    document: (selection) => `query ($id: ID!) { node(id: $id) { ${selection} } }`,
    variables: ({ id }) => ({ id }),
    leadsTo: always,
  },
  {
    name: 'nodes',
    type,
    document: (selection) => `query ($ids: [ID!]!) { nodes(ids: $ids) { ${selection} } }`,
    variables: ({ id }) => ({ ids: [id] }),
    leadsTo: always,
  },
  ...(type === 'Coverage'
    ? []
    : [
        {
          name: 'search',
          type,
          document: (selection: string) =>
            `query ($words: String!) { search(query: $words, first: 100) { edges { node { ${selection} } } } }`,
          variables: ({ type: found, slug }: Subject) => ({ words: found === 'User' ? slug : MARK }),
          leadsTo: ifPublic,
        },
      ]),
];

const post = (name: string, parts: Omit<Route, 'name' | 'type'>): Route => ({ name, type: 'Post', ...parts });
const SIGNED_IN: readonly ViewerName[] = [
  'reader',
  'commenter',
  'author',
  'writer',
  'moderator',
  'editor',
  'admin',
];

const POST_ROUTES: Route[] = [
  ...(['id', 'slug', 'externalId'] as const).map((key) =>
    post(`post(by: ${key})`, {
      document: (selection) =>
        `query ($key: ${key === 'id' ? 'ID' : 'String'}) { post(by: { ${key}: $key }) { ${selection} } }`,
      variables: ({ id, slug }) => ({ key: key === 'id' ? id : slug }),
      leadsTo: always,
    }),
  ),
  post('posts', {
    document: (selection) =>
      `query ($key: String) { posts(first: 100, filter: { tag: $key }) { nodes { ${selection} } } }`,
    variables: around('tag'),
    leadsTo: ifPublic,
  }),
  post('Tag.posts', {
    document: (selection) =>
      `query ($key: String!) { tag(slug: $key) { posts(first: 100) { edges { node { ${selection} } } } } }`,
    variables: around('tag'),
    leadsTo: ifPublic,
  }),
  post('User.posts', {
    document: (selection) =>
      `query ($key: String!) { user(by: { username: $key }) { posts(first: 100) { nodes { ${selection} } } } }`,
    variables: around('author'),
    leadsTo: ifPublic,
  }),
  post('User.feed', {
    document: (selection) => `{ viewer { feed(first: 100) { nodes { ${selection} } } } }`,
    variables: () => ({}),
    leadsTo: ifPublic,
    open: SIGNED_IN,
  }),
  post('User.bookmarks', {
    document: (selection) => `{ viewer { bookmarks(first: 100) { nodes { ${selection} } } } }`,
    variables: () => ({}),
    leadsTo: ifPublic,
    open: SIGNED_IN,
  }),
  post('unpublishedPosts', {
    document: (selection) => `{ unpublishedPosts(first: 100) { nodes { ${selection} } } }`,
    variables: () => ({}),
    leadsTo: ({ isPublic }) => !isPublic,
    open: ['author', 'writer', 'editor', 'admin'],
  }),
  post('postPublishedEvents', {
    document: (selection) => `{ postPublishedEvents(first: 100) { nodes { post { ${selection} } } } }`,
    variables: () => ({}),
    leadsTo: always,
  }),
  post('postEvents', {
    document: (selection) =>
      `query ($id: ID!) { postEvents(id: $id) { edges { node { post { ${selection} } } } } }`,
    variables: ({ id }) => ({ id }),
    leadsTo: always,
  }),
  post('publishPost', {
    document: (selection) =>
      `mutation ($id: ID!) { publishPost(input: { id: $id }) { post { ${selection} } } }`,
    variables: ({ id }) => ({ id }),
    // On the others it would change what it looks at.
    leadsTo: ifPublic,
    open: ['writer', 'editor', 'admin'],
  }),
];

const COMMENT_ROUTES: Route[] = [
  {
    name: 'Post.comments, flat',
    type: 'Comment',
    document: (selection) =>
      below('Post', `comments(first: 100, topLevelOnly: false) { nodes { ${selection} } }`),
    variables: around('post'),
    leadsTo: always,
  },
  {
    name: 'Comment.replies',
    type: 'Comment',
    document: (selection) => below('Comment', `replies(first: 100) { edges { node { ${selection} } } }`),
    variables: around('parent'),
    leadsTo: ({ name }) => name !== 'reported on a draft',
  },
  {
    name: 'Comment.parent',
    type: 'Comment',
    document: (selection) => below('Comment', `parent { ${selection} }`),
    variables: around('child'),
    leadsTo: ({ name }) => name === 'place',
  },
  {
    name: 'Comment.ancestors',
    type: 'Comment',
    document: (selection) => below('Comment', `ancestors { ${selection} }`),
    variables: around('child'),
    leadsTo: ({ name }) => name === 'place',
  },
  {
    name: 'commentEvents',
    type: 'Comment',
    document: (selection) =>
      `query ($key: ID!) { commentEvents(postId: $key) { nodes { comment { ${selection} } } } }`,
    variables: around('post'),
    leadsTo: always,
  },
  {
    name: 'moderationQueue',
    type: 'Comment',
    document: (selection) => `{ moderationQueue(first: 100) { nodes { ${selection} } } }`,
    variables: () => ({}),
    leadsTo: ({ name }) => name === 'pending' || name === 'reported on a draft',
    open: ['moderator', 'editor', 'admin'],
  },
  {
    name: 'setCommentState',
    type: 'Comment',
    document: (selection) =>
      `mutation ($id: ID!) { setCommentState(input: { id: $id, state: VISIBLE }) { comment { ${selection} } } }`,
    variables: ({ id }) => ({ id }),
    leadsTo: ({ name }) => name === 'visible',
    open: ['moderator', 'editor', 'admin'],
  },
];

const COVERAGE_ROUTES: Route[] = [
  ...(['false', 'true'] as const).map((keyOnly): Route => ({
    name: `Coverage.entries(keyOnly: ${keyOnly})`,
    type: 'CoverageEntry',
    document: (selection) =>
      below('Coverage', `entries(first: 100, keyOnly: ${keyOnly}) { nodes { ${selection} } }`),
    variables: around('coverage'),
    leadsTo: always,
  })),
  {
    name: 'coverageEvents',
    type: 'CoverageEntry',
    document: (selection) =>
      `query ($key: ID!) { coverageEvents(postId: $key) { nodes { entry { ${selection} } } } }`,
    variables: around('post'),
    leadsTo: always,
  },
  {
    name: 'retractCoverageEntry',
    type: 'CoverageEntry',
    document: (selection) =>
      `mutation ($id: ID!) { retractCoverageEntry(input: { id: $id }) { entry { ${selection} } } }`,
    variables: ({ id }) => ({ id }),
    leadsTo: ({ name }) => name === 'retracted',
    open: ['editor', 'admin'],
  },
  {
    name: 'Post.coverage',
    type: 'Coverage',
    document: (selection) => below('Post', `coverage { ${selection} }`),
    variables: around('post'),
    leadsTo: always,
  },
  {
    name: 'CoverageEntry.coverage',
    type: 'Coverage',
    document: (selection) => below('CoverageEntry', `coverage { ${selection} }`),
    variables: around('entry'),
    leadsTo: always,
  },
];

const PEOPLE_ROUTES: Route[] = [
  {
    name: 'user(by: username)',
    type: 'User',
    document: (selection) => `query ($key: String) { user(by: { username: $key }) { ${selection} } }`,
    variables: ({ slug }) => ({ key: slug }),
    leadsTo: always,
  },
  {
    name: 'Post.authors',
    type: 'User',
    document: (selection) => below('Post', `authors { ${selection} }`),
    variables: around('post'),
    leadsTo: hasAround('post'),
  },
  {
    name: 'Comment.author',
    type: 'User',
    document: (selection) => below('Comment', `author { ${selection} }`),
    variables: around('comment'),
    leadsTo: hasAround('comment'),
  },
  {
    name: 'unfollow',
    type: 'User',
    document: (selection) =>
      `mutation ($id: ID!) { unfollow(input: { subjectId: $id }) { subject { ${selection} } } }`,
    variables: ({ id }) => ({ id }),
    leadsTo: always,
    open: SIGNED_IN,
  },
  {
    name: 'tag',
    type: 'Tag',
    document: (selection) => `query ($key: String!) { tag(slug: $key) { ${selection} } }`,
    variables: ({ slug }) => ({ key: slug }),
    leadsTo: always,
  },
  {
    name: 'Post.tags',
    type: 'Tag',
    document: (selection) => below('Post', `tags { ${selection} }`),
    variables: around('post'),
    leadsTo: always,
  },
  {
    name: 'tags',
    type: 'Tag',
    document: (selection) => `{ tags(last: 100) { nodes { ${selection} } } }`,
    variables: () => ({}),
    leadsTo: always,
  },
  {
    name: 'User.followedTags',
    type: 'Tag',
    document: (selection) => `{ viewer { followedTags(first: 100) { nodes { ${selection} } } } }`,
    variables: () => ({}),
    leadsTo: always,
    open: SIGNED_IN,
  },
];

/** Every way to every object. */
export const ROUTES: readonly Route[] = [
  ...(['Post', 'Comment', 'CoverageEntry', 'Coverage', 'User', 'Tag'] as const).flatMap(everywhere),
  ...POST_ROUTES,
  ...COMMENT_ROUTES,
  ...COVERAGE_ROUTES,
  ...PEOPLE_ROUTES,
];
