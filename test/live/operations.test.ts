import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPost } from '../coverage/newsroom.js';
import { uuidOf } from '../kit/ids.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { connect, type TestSocket } from '../kit/sockets.js';
import { connectAll, STREAMS } from './stage.js';

const publication = usePublication();
const sockets: TestSocket[] = [];
let reader: Person;

beforeAll(async () => {
  reader = await createPerson(publication);
});

afterEach(async () => {
  await Promise.all(sockets.splice(0).map((socket) => socket.close()));
});

async function open(...people: readonly (Person | undefined)[]): Promise<TestSocket[]> {
  const opened = await connectAll(publication, ...people);
  sockets.push(...opened);
  return opened;
}

describe('queries and mutations over a socket', () => {
  it('are answered as over HTTP, errors included', async () => {
    const { id } = await createPost(publication);
    const [socket] = await open(reader);
    const documents: readonly (readonly [string, Record<string, unknown>?])[] = [
      ['{ viewer { username role } }'],
      ['query ($id: ID!) { node(id: $id) { id ... on Post { title status } } }', { id }],
      ['{ posts(first: 1000) { nodes { id } } }'],
      ['{ auditLog(first: 1) { nodes { id } } viewer { id } }'],
      ['{ nothing }'],
      ['{ posts(first: '],
      ['query ($id: ID!) { node(id: $id) { id } }', { id: 5.5 }],
      ['query ($id: ID!) { node(id: $id) { id } }', {}],
      ['query A { viewer { id } } query B { viewer { id } }'],
      ['', {}],
      [
        'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { body } userErrors { code } } }',
        { input: { postId: id, body: '' } },
      ],
      [
        'mutation ($input: DeletePostInput!) { deletePost(input: $input) { deletedId userErrors { code } } }',
        { input: { id } },
      ],
    ];
    for (const [query, variables] of documents) {
      const { data, errors } = await reader.send(query, variables);
      const overSocket = (await socket?.ask(query, variables)) as { data?: unknown; errors?: unknown };
      expect([overSocket.data, overSocket.errors]).toEqual([data, errors]);
    }
  });

  it('know who asks, and carry out once what was sent twice under one key', async () => {
    const { id: postId } = await createPost(publication);
    const [socket] = await open(reader);
    const mutation = `mutation ($input: AddCommentInput!) {
      addComment(input: $input) @idempotent(key: "over a socket ${postId}") { comment { id author { username } } userErrors { code } } }`;
    const variables = { input: { postId, body: 'Once' } };
    const answers = [await socket?.ask(mutation, variables), await socket?.ask(mutation, variables)];
    expect(answers[0]?.data).toEqual(answers[1]?.data);
    expect(answers[0]).toMatchObject({
      data: { addComment: { comment: { author: { username: reader.username } } } },
    });
    const other = await socket?.ask(mutation, { input: { postId, body: 'Another' } });
    expect(other?.errors?.[0]?.extensions.code).toBe('CONFLICT');
    expect(await publication.sql`select 1 from comments where post_id = ${uuidOf(postId)}`).toHaveLength(1);
  });
});

describe('a subscription that cannot begin', () => {
  it('is refused as an operation is over HTTP', async () => {
    const socket = await connect(publication.app);
    sockets.push(socket);
    const { id } = await createPost(publication);
    const refused = async (query: string, variables?: Record<string, unknown>) =>
      socket.start(query, variables).ended();
    expect(await refused(STREAMS.comments, {})).toBe('BAD_USER_INPUT');
    expect(await refused(STREAMS.comments, { postId: { an: 'object' } })).toBe('BAD_USER_INPUT');
    expect(await refused(STREAMS.published, { filter: { hasCoverage: 'yes' } })).toBe('BAD_USER_INPUT');
    expect(await refused(STREAMS.published, { filter: { publishedAfter: 'yesterday' } })).toBe(
      'BAD_USER_INPUT',
    );
    expect(await refused('subscription { postChanged(id: "x") { nothing } }')).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    );
    expect(await refused('subscription { postChanged')).toBe('GRAPHQL_PARSE_FAILED');
    expect(
      await refused(
        `subscription { a: postChanged(id: "${id}") { type } b: postChanged(id: "${id}") { type } }`,
      ),
    ).toBe('GRAPHQL_VALIDATION_FAILED');
    const { errors } = await publication.app.send(STREAMS.comments, { postId: id });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(publication.app.logged).toEqual([]);
  });
});
