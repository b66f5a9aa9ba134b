import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeId } from '../../src/graphql/globalIds.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';

interface UserError {
  readonly code: string;
  readonly field: readonly string[] | null;
  readonly message: string;
}

interface Outcome {
  readonly subject: Record<string, unknown> | null;
  readonly userErrors: readonly UserError[];
}

const PAYLOAD = `{
  subject {
    __typename
    ... on User { id username viewerFollows }
    ... on Tag { id slug viewerFollows }
  }
  userErrors { code field message }
}`;
const FOLLOW = `mutation ($input: FollowInput!) { outcome: follow(input: $input) ${PAYLOAD} }`;
const UNFOLLOW = `mutation ($input: FollowInput!) { outcome: unfollow(input: $input) ${PAYLOAD} }`;

const NO_SUBJECT = {
  code: 'NOT_FOUND',
  field: ['input', 'subjectId'],
  message: 'There is no user or tag with this id.',
};

describe('following', () => {
  const publication = usePublication();
  let author: { id: string; username: string };
  let tag: { id: string; slug: string };
  let reader: Person;

  const run = async (who: Person, mutation: string, subjectId: string): Promise<Outcome> =>
    (await who.query<{ outcome: Outcome }>(mutation, { input: { subjectId } })).outcome;
  const follow = (who: Person, subjectId: string) => run(who, FOLLOW, subjectId);
  const unfollow = (who: Person, subjectId: string) => run(who, UNFOLLOW, subjectId);
  const eventsOf = (who: Person) =>
    publication.sql`select seq::int, type, payload from events where topic = ${`user:${who.uuid}`} order by seq`;

  beforeAll(async () => {
    ({ author, tag } = await publication.app.query<{ author: typeof author; tag: typeof tag }>(
      '{ author: user(by: { username: "gus-okafor" }) { id username } tag(slug: "weather") { id slug } }',
    ));
  });
  beforeEach(async () => {
    reader = await createPerson(publication);
  });

  it('a user shows on the user, for the follower only', async () => {
    expect(await follow(reader, author.id)).toEqual({
      subject: { __typename: 'User', ...author, viewerFollows: true },
      userErrors: [],
    });
    const ask = '{ user(by: { username: "gus-okafor" }) { viewerFollows } }';
    const other = await createPerson(publication);
    const answers = await Promise.all([reader, other, publication.app].map((who) => who.query(ask)));
    expect(answers).toEqual([
      { user: { viewerFollows: true } },
      { user: { viewerFollows: false } },
      { user: { viewerFollows: false } },
    ]);
  });

  it('a tag shows on the tag, and unfollowing takes it back', async () => {
    const subject = { __typename: 'Tag', ...tag };
    expect(await follow(reader, tag.id)).toEqual({
      subject: { ...subject, viewerFollows: true },
      userErrors: [],
    });
    expect(await unfollow(reader, tag.id)).toEqual({
      subject: { ...subject, viewerFollows: false },
      userErrors: [],
    });
  });

  it('appends an event for each change, and none where nothing changes', async () => {
    await unfollow(reader, author.id);
    await follow(reader, author.id);
    await follow(reader, author.id);
    await unfollow(reader, author.id);
    await unfollow(reader, author.id);
    const [user] = await publication.sql<{ id: string }[]>`
      select id from users where username = ${author.username}`;
    const payload = { followerId: reader.uuid, subjectId: user?.id };
    expect([...(await eventsOf(reader))]).toEqual([
      { seq: 1, type: 'follow.added', payload },
      { seq: 2, type: 'follow.removed', payload },
    ]);
  });

  it('the same subject twenty times at once is one row and one event', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => follow(reader, tag.id)));
    for (const outcome of outcomes) expect(outcome.userErrors).toEqual([]);
    const rows = await publication.sql`select from tag_follows where follower_id = ${reader.uuid}`;
    expect(rows.length).toBe(1);
    expect((await eventsOf(reader)).length).toBe(1);
  });

  it('each other at the same time is no deadlock', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => createPerson(publication)));
    const outcomes = await Promise.all(
      people.flatMap((one) => people.filter((other) => other !== one).map((other) => follow(one, other.id))),
    );
    expect(outcomes.flatMap((outcome) => outcome.userErrors)).toEqual([]);
  });

  it('oneself is refused', async () => {
    expect(await follow(reader, reader.id)).toEqual({
      subject: null,
      userErrors: [
        {
          code: 'INVALID',
          field: ['input', 'subjectId'],
          message: 'Nobody can follow themself. Give the id of somebody else.',
        },
      ],
    });
    expect(await eventsOf(reader)).toHaveLength(0);
  });

  it('what is neither a user nor a tag, or not there, is NOT_FOUND', async () => {
    const { post } = await publication.app.query<{ post: { id: string } }>(
      '{ post(by: { slug: "lamp-night" }) { id } }',
    );
    const ids = [post.id, encodeId('User', randomUUID()), encodeId('Tag', randomUUID()), 'x', ''];
    for (const mutation of [FOLLOW, UNFOLLOW]) {
      const outcomes = await Promise.all(ids.map((id) => run(reader, mutation, id)));
      expect(outcomes).toEqual(ids.map(() => ({ subject: null, userErrors: [NO_SUBJECT] })));
    }
  });

  it('more than 1,000 users and tags together is CONFLICT, also of several at once', async () => {
    const { sql } = publication;
    await sql`with made as (
        insert into users (id, username, name)
        select gen_random_uuid(), 'crowd-' || ${randomBytes(5).toString('hex')} || '-' || n, 'One of a crowd'
        from generate_series(1, 996) as n returning id
      ) insert into user_follows (follower_id, user_id) select ${reader.uuid}, id from made`;
    await sql`insert into tag_follows (follower_id, tag_id)
      select ${reader.uuid}, id from tags where slug <> ${tag.slug} limit 2`;
    const people = await Promise.all(Array.from({ length: 6 }, () => createPerson(publication)));
    const outcomes = await Promise.all(people.map((one) => follow(reader, one.id)));
    const refused = outcomes.filter((outcome) => outcome.subject === null);
    expect(refused).toEqual(
      Array.from({ length: 4 }, () => ({
        subject: null,
        userErrors: [
          {
            code: 'CONFLICT',
            field: null,
            message: 'You follow 1000 users and tags, which is the most. Stop following another one first.',
          },
        ],
      })),
    );
    const followed = people.find((_, place) => outcomes[place]?.subject !== null);
    expect((await follow(reader, followed?.id ?? '')).userErrors).toEqual([]);
    await unfollow(reader, followed?.id ?? '');
    expect((await follow(reader, tag.id)).userErrors).toEqual([]);
  });

  it('is for signed-in viewers of every role', async () => {
    const anonymous = await publication.app.send(FOLLOW, { input: { subjectId: tag.id } });
    expect(anonymous.errors?.map((error) => error.extensions.code)).toEqual(['UNAUTHENTICATED']);
    for (const role of ['READER', 'AUTHOR', 'MODERATOR', 'EDITOR', 'ADMIN'] as const) {
      const person = await createPerson(publication, role);
      expect((await follow(person, tag.id)).userErrors).toEqual([]);
      expect((await unfollow(person, tag.id)).userErrors).toEqual([]);
    }
  });

  it('on a page of subjects costs one statement of each kind, and none for anonymous viewers', async () => {
    const ask =
      '{ tags(first: 10) { nodes { viewerFollows posts(first: 2) { nodes { authors { viewerFollows } } } } } }';
    const follows = async (who: Pick<Person, 'query'>) =>
      (await publication.app.statementsOf(() => who.query(ask)))
        .map((statement) => statement.name)
        .filter((name) => name?.startsWith('follows.'));
    expect(await follows(reader)).toEqual(['follows.tagsAmong', 'follows.usersAmong']);
    expect(await follows(publication.app)).toEqual([]);
  });
});

interface Page {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string; readonly viewerFollows: boolean }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

describe('the users and tags that somebody follows', () => {
  const publication = usePublication();
  const ask = (field: string) => `query ($first: Int, $after: String, $last: Int, $before: String) {
    viewer { list: ${field}(first: $first, after: $after, last: $last, before: $before) {
      totalCount nodes { id viewerFollows } edges { cursor node { id } } pageInfo { hasNextPage endCursor }
    } }
  }`;

  const somePeople = async () =>
    (await Promise.all(Array.from({ length: 7 }, () => createPerson(publication)))).map(({ id }) => id);
  const someTags = async () =>
    (
      await publication.app.query<{ tags: { nodes: { id: string }[] } }>(
        '{ tags(first: 7) { nodes { id } } }',
      )
    ).tags.nodes.map(({ id }) => id);

  it.each([
    ['followedUsers', somePeople],
    ['followedTags', someTags],
  ])('come last followed first and page to the end: %s', async (field, makeSubjects) => {
    const reader = await createPerson(publication);
    const ids = await makeSubjects();
    for (const subjectId of ids) await reader.query(FOLLOW, { input: { subjectId } });
    const seen: string[] = [];
    let page: Page | undefined;
    do {
      const { viewer } = await reader.query<{ viewer: { list: Page } }>(ask(field), {
        first: 3,
        after: page?.pageInfo.endCursor,
      });
      page = viewer.list;
      expect(page.totalCount).toBe(7);
      expect(page.nodes.every((node) => node.viewerFollows)).toBe(true);
      seen.push(...page.nodes.map((node) => node.id));
    } while (page.pageInfo.hasNextPage);
    expect(seen).toEqual(ids.toReversed());
    const { viewer } = await reader.query<{ viewer: { list: Page } }>(ask(field), { last: 2 });
    expect(viewer.list.nodes.map((node) => node.id)).toEqual(ids.slice(0, 2).toReversed());
  });

  it('are null for everybody else, administrators included', async () => {
    const [reader, admin] = await Promise.all([
      createPerson(publication),
      createPerson(publication, 'ADMIN'),
    ]);
    const lists = `query ($id: ID!) { user(by: { id: $id }) {
      feed { totalCount } followedUsers { totalCount } followedTags { totalCount }
    } }`;
    const nothing = { user: { feed: null, followedUsers: null, followedTags: null } };
    for (const who of [admin, publication.app, await createPerson(publication)]) {
      expect(await who.query(lists, { id: reader.id })).toEqual(nothing);
    }
    const none = { totalCount: 0 };
    expect(await reader.query(lists, { id: reader.id })).toEqual({
      user: { feed: none, followedUsers: none, followedTags: none },
    });
  });
});
