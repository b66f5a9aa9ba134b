import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/client.js';
import { createIdempotencyStore } from '../../src/changes/idempotency.js';
import { type Answer, createClient } from '../kit/app.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';

interface Added {
  readonly addComment: {
    readonly comment: { readonly id: string; readonly body: string; readonly version: number } | null;
    readonly userErrors: readonly { readonly code: string }[];
  };
}

const PAYLOAD = '{ comment { id body version } userErrors { code } }';
const ADD = `mutation ($input: AddCommentInput!) { addComment(input: $input) ${PAYLOAD} }`;
const ADD_ONCE = `mutation ($input: AddCommentInput!, $key: String!) { addComment(input: $input) @idempotent(key: $key) ${PAYLOAD} }`;

describe('a mutation under a key', () => {
  const publication = usePublication();
  let reader: Person;
  let other: Person;
  let postId: string;
  beforeAll(async () => {
    [reader, other] = await Promise.all([createPerson(publication), createPerson(publication)]);
    const { post } = await publication.app.query<{ post: { id: string } }>(
      '{ post(by: { slug: "lamp-night" }) { id } }',
    );
    postId = post.id;
  });

  const codesOf = (answer: Answer<unknown>) => answer.errors?.map((error) => error.extensions.code);
  const rowsOf = async (body: string) => {
    const [row] = await publication.sql<{ rows: number; events: number }[]>`
      select count(*)::int as rows, (select count(*)::int from events join comments on comments.id::text = payload ->> 'commentId' where body = ${body}) as events
      from comments where body = ${body}`;
    return row;
  };

  it('is carried out once however often and wherever it is sent: one row, one event, one answer', async () => {
    const [key, body] = [randomUUID(), randomUUID()];
    const input = { postId, body };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        n % 2 === 0
          ? reader.send<Added>(ADD_ONCE, { input, key })
          : reader.send<Added>(ADD, { input }, { 'idempotency-key': key }),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer.data))).size).toBe(1);
    expect(answers[0]?.data.addComment).toMatchObject({ comment: { body, version: 1 }, userErrors: [] });
    expect(await rowsOf(body)).toEqual({ rows: 1, events: 1 });
  });

  it('answers as it did the first time, even when the thing has changed since', async () => {
    const [key, body] = [randomUUID(), randomUUID()];
    const first = await reader.query<Added>(ADD_ONCE, { input: { postId, body }, key });
    await reader.query(
      'mutation ($id: ID!) { editComment(input: { id: $id, expectedVersion: 1, body: "Changed" }) { userErrors { code } } }',
      { id: first.addComment.comment?.id },
    );
    expect(await reader.query<Added>(ADD_ONCE, { input: { postId, body }, key })).toEqual(first);
  });

  it('is a conflict with another input, or another mutation', async () => {
    const key = randomUUID();
    const first = await reader.query<Added>(ADD_ONCE, { input: { postId, body: 'One' }, key });
    expect(codesOf(await reader.send(ADD_ONCE, { input: { postId, body: 'Two' }, key }))).toEqual([
      'CONFLICT',
    ]);
    const id = first.addComment.comment?.id;
    const deleting =
      'mutation ($id: ID!, $key: String!) { deleteComment(input: { id: $id }) @idempotent(key: $key) { userErrors { code } } }';
    expect(codesOf(await reader.send(deleting, { id, key }))).toEqual(['CONFLICT']);
    expect(await rowsOf('Two')).toEqual({ rows: 0, events: 0 });
  });

  it('has nothing to do with the same key of another viewer', async () => {
    const [key, body] = [randomUUID(), randomUUID()];
    const answers = await Promise.all(
      [reader, other].map((who) => who.query<Added>(ADD_ONCE, { input: { postId, body }, key })),
    );
    expect(new Set(answers.map((answer) => answer.addComment.comment?.id)).size).toBe(2);
  });

  it('that was refused leaves the key free', async () => {
    const [key, body] = [randomUUID(), randomUUID()];
    const refused = await reader.query<Added>(ADD_ONCE, { input: { postId: reader.id, body }, key });
    expect(refused.addComment.userErrors).toEqual([{ code: 'NOT_FOUND' }]);
    await publication.sql`update posts set comment_policy = 'CLOSED' where slug = 'lamp-night'`;
    const closed = await reader.query<Added>(ADD_ONCE, { input: { postId, body }, key });
    expect(closed.addComment.userErrors).toEqual([{ code: 'CONFLICT' }]);
    await publication.sql`update posts set comment_policy = 'OPEN' where slug = 'lamp-night'`;
    const done = await reader.query<Added>(ADD_ONCE, { input: { postId, body }, key });
    expect(done.addComment).toMatchObject({ comment: { body }, userErrors: [] });
  });

  it('needs a key of 1 to 255 characters, and only one', async () => {
    const input = { postId, body: randomUUID() };
    for (const key of ['', 'x'.repeat(256)]) {
      expect(codesOf(await reader.send(ADD_ONCE, { input, key }))).toEqual(['BAD_USER_INPUT']);
    }
    const both = await reader.send(ADD_ONCE, { input, key: 'one' }, { 'idempotency-key': 'another' });
    expect(codesOf(both)).toEqual(['BAD_USER_INPUT']);
    expect(await rowsOf(input.body)).toEqual({ rows: 0, events: 0 });
  });

  it('can be one of several in a document by directive, and not by header', async () => {
    const body = randomUUID();
    const document = `mutation ($input: AddCommentInput!) {
      one: addComment(input: $input) @idempotent(key: "one-${body}") ${PAYLOAD}
      two: addComment(input: $input) @idempotent(key: "two-${body}") ${PAYLOAD} }`;
    const input = { postId, body };
    const refused = await reader.send(document, { input }, { 'idempotency-key': body });
    expect(codesOf(refused)).toEqual(['BAD_USER_INPUT']);
    expect(await rowsOf(body)).toEqual({ rows: 0, events: 0 });
    const first = await reader.query(document, { input });
    expect(await reader.query(document, { input })).toEqual(first);
    expect(await rowsOf(body)).toEqual({ rows: 2, events: 2 });
  });

  it('means nothing to a query: the directive is refused there, the header ignored', async () => {
    const { app } = publication;
    expect(codesOf(await app.send('{ viewer @idempotent(key: "x") { id } }'))).toEqual(['BAD_USER_INPUT']);
    expect(await app.query('{ viewer { id } }', {}, { 'idempotency-key': 'x' })).toEqual({ viewer: null });
  });

  it('is asked for its rights again when it is repeated', async () => {
    const [key, body] = [randomUUID(), randomUUID()];
    await reader.query(ADD_ONCE, { input: { postId, body }, key });
    const anonymous = createClient(publication.app.endpoint);
    expect(codesOf(await anonymous.send(ADD_ONCE, { input: { postId, body }, key }))).toEqual([
      'UNAUTHENTICATED',
    ]);
  });

  it('keeps its answer sealed, for 72 hours', async () => {
    const [key, body] = [randomUUID(), `Secret ${randomUUID()}`];
    await reader.query(ADD_ONCE, { input: { postId, body }, key });
    const [kept] = await publication.sql<{ answer: Buffer; fingerprint: Buffer }[]>`
      select answer, fingerprint from idempotency_keys where key = ${key}`;
    expect(kept?.answer.includes('Secret')).toBe(false);
    await publication.sql`update idempotency_keys set created_at = now() - interval '71 hours' where key = ${key}`;
    const old = randomUUID();
    await publication.sql`insert into idempotency_keys (viewer_id, key, fingerprint, created_at)
      values (${reader.uuid}, ${old}, '', now() - interval '73 hours')`;
    const database = openDatabase({ url: publication.url, poolSize: 1, statementTimeout: 0 });
    await createIdempotencyStore('any secret').forget(database.db, 72, 100);
    await database.close();
    const left = await publication.sql`select key from idempotency_keys where key in (${key}, ${old})`;
    expect(left).toEqual([{ key }]);
  });
});
