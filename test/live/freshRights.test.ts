import { beforeAll, describe, expect, it } from 'vitest';
import { createPost } from '../coverage/newsroom.js';
import { type Client, createClient } from '../kit/app.js';
import { streamsOf } from '../kit/eventStreams.js';
import { createPerson, type Person } from '../kit/people.js';
import { useInstances } from './instances.js';
import { headersOf, useStreams } from './sseStage.js';
import { act } from './stage.js';

const UPDATE_POST =
  'mutation ($input: UpdatePostInput!) { updatePost(input: $input) { userErrors { code } } }';

describe('on two instances that do not hear each other, an operation on an open connection', () => {
  const stage = useInstances(async () => undefined);
  const open = useStreams(() => stage.here());
  /** What is done by way of the other instance, this one finds in the log. */
  let adminThere: Client;
  beforeAll(() => {
    const authorization = `Bearer ${stage.admin().accessToken}`;
    adminThere = createClient(stage.there().endpoint, { authorization });
  });

  /** Sends an operation as one of many on a stream of server-sent events, and gives what that says of it. */
  async function overStream(person: Person) {
    const headers = headersOf(person);
    const address = streamsOf(stage.here());
    const token = await (await fetch(address, { method: 'PUT', headers })).text();
    const stream = await open({ method: 'GET', search: { token } });
    return async (query: string, variables: object): Promise<unknown> => {
      await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-graphql-event-stream-token': token, ...headers },
        body: JSON.stringify({ query, variables, extensions: { operationId: 'one' } }),
      });
      const [message] = await stream.until(1);
      return (message?.data as { payload: unknown } | undefined)?.payload;
    };
  }
  async function overSocket({ accessToken }: Person) {
    const socket = await stage.open(stage.here(), { accessToken });
    return (query: string, variables: Record<string, unknown>): Promise<unknown> =>
      socket.ask(query, variables);
  }
  const titleOf = async (uuid: string): Promise<string | undefined> => {
    const { sql } = stage.publication();
    return (await sql<{ title: string }[]>`select title from posts where id = ${uuid}`)[0]?.title;
  };

  it.each([
    ['a WebSocket', overSocket],
    ['server-sent events', overStream],
  ])('is done with the role of now, not with that of when it was opened: %s', async (_, over) => {
    const editor = await createPerson(stage.publication(), 'EDITOR');
    const { id, uuid } = await createPost(stage.publication());
    const send = await over(editor);
    await act(adminThere, 'setUserRole', { userId: editor.id, role: 'READER' });
    const input = { id, expectedVersion: 1, title: 'Changed' };
    expect(await send(UPDATE_POST, { input })).toMatchObject({
      data: { updatePost: { userErrors: [{ code: 'FORBIDDEN' }] } },
    });
    expect(await titleOf(uuid)).toBe('A post');
  });

  it('is not done for somebody who is suspended', async () => {
    const editor = await createPerson(stage.publication(), 'EDITOR');
    const { id, uuid } = await createPost(stage.publication());
    const socket = await stage.open(stage.here(), { accessToken: editor.accessToken });
    await act(adminThere, 'suspendUser', { userId: editor.id, reason: 'Spam' });
    const operation = socket.start(UPDATE_POST, {
      input: { id, expectedVersion: 1, title: 'Changed' },
    });
    expect(await operation.ended()).toBe('CLOSED');
    expect((await socket.closed()).code).toBe(4403);
    // What was begun is done by the time that the next one of somebody else is.
    await act(adminThere, 'updatePost', { id, expectedVersion: 1, title: 'A post' });
    expect(await titleOf(uuid)).toBe('A post');
  });
});
