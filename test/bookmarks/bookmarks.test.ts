import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeId } from '../../src/graphql/globalIds.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';

interface Outcome {
  readonly post: { readonly id: string; readonly viewerHasBookmarked: boolean } | null;
  readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] | null }[];
}

const PAYLOAD = '{ post { id viewerHasBookmarked } userErrors { code field message } }';
const ADD = `mutation ($input: BookmarkInput!) { outcome: addBookmark(input: $input) ${PAYLOAD} }`;
const REMOVE = `mutation ($input: BookmarkInput!) { outcome: removeBookmark(input: $input) ${PAYLOAD} }`;

const NO_POST = {
  post: null,
  userErrors: [{ code: 'NOT_FOUND', field: ['input', 'postId'], message: 'There is no post with this id.' }],
};
const NOT_PUBLISHED = {
  post: null,
  userErrors: [
    {
      code: 'CONFLICT',
      field: ['input', 'postId'],
      message: 'The post is not published: only what is published can be kept for later.',
    },
  ],
};

interface Page {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string; readonly viewerHasBookmarked: boolean }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

describe('bookmarks', () => {
  const publication = usePublication();
  let ids: string[];
  let reader: Person;

  beforeAll(async () => {
    const { posts } = await publication.app.query<{ posts: { nodes: { id: string }[] } }>(
      '{ posts(first: 8) { nodes { id } } }',
    );
    ids = posts.nodes.map(({ id }) => id);
  });
  beforeEach(async () => {
    reader = await createPerson(publication);
  });

  const run = async (who: Person, mutation: string, postId: string): Promise<Outcome> =>
    (await who.query<{ outcome: Outcome }>(mutation, { input: { postId } })).outcome;
  const list = async (who: Person, variables: Record<string, unknown> = {}): Promise<Page> =>
    (
      await who.query<{ viewer: { bookmarks: Page } }>(
        `query ($first: Int, $after: String, $last: Int) { viewer { bookmarks(first: $first, after: $after, last: $last) {
          totalCount nodes { id viewerHasBookmarked } edges { cursor node { id } } pageInfo { hasNextPage endCursor }
        } } }`,
        variables,
      )
    ).viewer.bookmarks;
  const eventsOf = async (who: Person) => [
    ...(await publication.sql`
      select seq::int, type, payload from events where topic = ${`user:${who.uuid}`} order by seq`),
  ];

  /** A post of the test's own. */
  const createPost = async (status: string, author?: Person): Promise<{ id: string; uuid: string }> => {
    const { sql } = publication;
    const uuid = randomUUID();
    await sql`insert into posts (id, slug, title, language, status, published_at, body, body_format, body_html, body_text, renderer_version)
      values (${uuid}, ${`post-${uuid}`}, 'A post', 'en', ${status}, now(), '', 'MARKDOWN', '', '', 1)`;
    if (author !== undefined) {
      await sql`insert into post_authors (post_id, position, user_id) values (${uuid}, 0, ${author.uuid})`;
    }
    return { id: encodeId('Post', uuid), uuid };
  };

  it('keep a post, for the viewer only, until it is removed', async () => {
    const id = ids[0] ?? '';
    expect(await run(reader, ADD, id)).toEqual({ post: { id, viewerHasBookmarked: true }, userErrors: [] });
    const ask = `query ($id: ID!) { post(by: { id: $id }) { viewerHasBookmarked } }`;
    const other = await createPerson(publication);
    const answers = await Promise.all([reader, other, publication.app].map((who) => who.query(ask, { id })));
    expect(answers).toEqual([
      { post: { viewerHasBookmarked: true } },
      { post: { viewerHasBookmarked: false } },
      { post: { viewerHasBookmarked: false } },
    ]);
    expect(await run(reader, REMOVE, id)).toEqual({
      post: { id, viewerHasBookmarked: false },
      userErrors: [],
    });
    expect((await list(reader)).nodes).toEqual([]);
  });

  it('append an event for each change, and none where nothing changes', async () => {
    const { id, uuid: postId } = await createPost('PUBLISHED');
    for (const mutation of [REMOVE, ADD, ADD, REMOVE, REMOVE]) {
      expect((await run(reader, mutation, id)).userErrors).toEqual([]);
    }
    const payload = { userId: reader.uuid, postId };
    expect(await eventsOf(reader)).toEqual([
      { seq: 1, type: 'bookmark.added', payload },
      { seq: 2, type: 'bookmark.removed', payload },
    ]);
  });

  it('of the same post twenty times at once are one row and one event', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => run(reader, ADD, ids[0] ?? '')));
    expect(outcomes.flatMap((outcome) => outcome.userErrors)).toEqual([]);
    expect((await list(reader)).totalCount).toBe(1);
    expect(await eventsOf(reader)).toHaveLength(1);
  });

  it('come last kept first and page to the end', async () => {
    for (const id of ids) await run(reader, ADD, id);
    const seen: string[] = [];
    let page: Page | undefined;
    do {
      page = await list(reader, { first: 3, after: page?.pageInfo.endCursor });
      expect(page.totalCount).toBe(8);
      expect(page.nodes.every((post) => post.viewerHasBookmarked)).toBe(true);
      seen.push(...page.nodes.map(({ id }) => id));
    } while (page.pageInfo.hasNextPage);
    expect(seen).toEqual(ids.toReversed());
    expect((await list(reader, { last: 2 })).nodes.map(({ id }) => id)).toEqual(ids.slice(0, 2).toReversed());
  });

  it('are null for everybody else, administrators included', async () => {
    const ask = 'query ($id: ID!) { user(by: { id: $id }) { bookmarks { totalCount } } }';
    const admin = await createPerson(publication, 'ADMIN');
    for (const who of [admin, publication.app]) {
      expect(await who.query(ask, { id: reader.id })).toEqual({ user: { bookmarks: null } });
    }
    expect(await reader.query(ask, { id: reader.id })).toEqual({ user: { bookmarks: { totalCount: 0 } } });
  });

  it.each(['DRAFT', 'SCHEDULED', 'ARCHIVED'])('leave out posts that have become %s', async (status) => {
    const { id, uuid } = await createPost('PUBLISHED');
    await run(reader, ADD, ids[0] ?? '');
    await run(reader, ADD, id);
    await publication.sql`update posts set status = ${status} where id = ${uuid}`;
    expect(await list(reader)).toMatchObject({ totalCount: 1, nodes: [{ id: ids[0] }] });
    await publication.sql`update posts set status = 'PUBLISHED' where id = ${uuid}`;
    expect(await list(reader)).toMatchObject({ totalCount: 2, nodes: [{ id }, { id: ids[0] }] });
  });

  it('can be removed from a post that has gone out of sight', async () => {
    const { id, uuid } = await createPost('PUBLISHED');
    await run(reader, ADD, id);
    await publication.sql`update posts set status = 'ARCHIVED' where id = ${uuid}`;
    expect(await run(reader, REMOVE, id)).toEqual({ post: null, userErrors: [] });
    expect((await eventsOf(reader)).map(({ type }) => type as string)).toEqual([
      'bookmark.added',
      'bookmark.removed',
    ]);
    // From here on it is like any other that the reader may not see.
    expect(await run(reader, REMOVE, id)).toEqual(NO_POST);
  });

  it('of a post that the viewer may not read answer as if it were not there', async () => {
    const draft = await createPost('DRAFT', await createPerson(publication, 'AUTHOR'));
    const missing = [draft.id, encodeId('Post', randomUUID()), reader.id, 'x', ''];
    for (const mutation of [ADD, REMOVE]) {
      const outcomes = await Promise.all(missing.map((id) => run(reader, mutation, id)));
      expect(outcomes).toEqual(missing.map(() => NO_POST));
    }
    expect(await eventsOf(reader)).toEqual([]);
  });

  it('are for published posts: a draft is CONFLICT for its author and for editors', async () => {
    const author = await createPerson(publication, 'AUTHOR');
    const editor = await createPerson(publication, 'EDITOR');
    const { id } = await createPost('DRAFT', author);
    expect(await run(author, ADD, id)).toEqual(NOT_PUBLISHED);
    expect(await run(editor, ADD, id)).toEqual(NOT_PUBLISHED);
    expect((await run(author, REMOVE, id)).userErrors).toEqual([]);
  });

  it('are for signed-in viewers of every role', async () => {
    const id = ids[0] ?? '';
    for (const mutation of [ADD, REMOVE]) {
      const { errors } = await publication.app.send(mutation, { input: { postId: id } });
      expect(errors?.map((error) => error.extensions.code)).toEqual(['UNAUTHENTICATED']);
    }
    for (const role of ['READER', 'AUTHOR', 'MODERATOR', 'EDITOR', 'ADMIN'] as const) {
      const person = await createPerson(publication, role);
      expect((await run(person, ADD, id)).userErrors).toEqual([]);
      expect((await run(person, REMOVE, id)).userErrors).toEqual([]);
    }
  });

  it('cost one statement a page, and none for anonymous viewers', async () => {
    await run(reader, ADD, ids[0] ?? '');
    const names = async (who: Pick<Person, 'query'>, ask: string) =>
      (await publication.app.statementsOf(() => who.query(ask)))
        .map(({ name }) => name)
        .filter((name) => /^(bookmarks|posts)\./.test(name ?? ''));
    const posts = '{ posts { nodes { viewerHasBookmarked } } }';
    expect(await names(reader, posts)).toEqual(['posts.list', 'bookmarks.among']);
    expect(await names(publication.app, posts)).toEqual(['posts.list']);
    expect(await names(reader, '{ viewer { bookmarks { nodes { id title } } } }')).toEqual([
      'bookmarks.byUsers',
    ]);
  });
});
