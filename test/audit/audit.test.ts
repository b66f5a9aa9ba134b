import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../../src/graphql/globalIds.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';

interface Entry {
  readonly id: string;
  readonly createdAt: string;
  readonly actor: { readonly id: string } | null;
  readonly action: string;
  readonly operation: string;
  readonly subjectId: string;
  readonly user: { readonly id: string } | null;
  readonly address: string | null;
  readonly requestId: string | null;
  readonly details: string;
}

interface Page {
  readonly totalCount: number;
  readonly nodes: readonly Entry[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const ASK = `query ($filter: AuditFilter, $first: Int, $after: String, $last: Int) {
  auditLog(filter: $filter, first: $first, after: $after, last: $last) {
    totalCount
    nodes { id createdAt actor { id } action operation subjectId user { id } address requestId details }
    edges { cursor node { id } }
    pageInfo { hasNextPage endCursor }
  }
}`;

describe('the audit log', () => {
  const publication = usePublication();
  let admin: Person;
  let moderator: Person;
  let commenter: Person;
  let comment: { id: string };

  const list = async (variables: Record<string, unknown> = {}): Promise<Page> =>
    (await admin.query<{ auditLog: Page }>(ASK, variables)).auditLog;
  const setState = (who: Person, state: string, reason: string) =>
    who.query<{ setCommentState: { userErrors: unknown[] } }>(
      `mutation ($input: SetCommentStateInput!) { setCommentState(input: $input) { userErrors { code } } }`,
      { input: { id: comment.id, state, reason } },
    );

  beforeAll(async () => {
    [admin, moderator, commenter] = await Promise.all([
      createPerson(publication, 'ADMIN'),
      createPerson(publication, 'MODERATOR'),
      createPerson(publication),
    ]);
    const { post } = await publication.app.query<{ post: { id: string } }>(
      '{ post(by: { slug: "lamp-night" }) { id } }',
    );
    const { addComment } = await commenter.query<{ addComment: { comment: { id: string } } }>(
      'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }',
      { input: { postId: post.id, body: 'A comment' } },
    );
    ({ comment } = addComment);
    for (const state of ['HIDDEN', 'VISIBLE', 'PENDING']) await setState(moderator, state, `now ${state}`);
    await setState(admin, 'VISIBLE', 'fine');
  });

  it('says who did what to whom, when, from where and why, newest first', async () => {
    const { nodes, totalCount } = await list({ filter: { subjectId: comment.id } });
    expect(totalCount).toBe(4);
    const entry = (actor: Person, details: object) => ({
      id: expect.stringMatching(/^[\w-]{23}$/) as string,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      actor: { id: actor.id },
      action: 'COMMENT_MODERATE',
      operation: 'setCommentState',
      subjectId: comment.id,
      user: { id: commenter.id },
      address: expect.stringMatching(/^[\d.:a-f]+$/) as string,
      requestId: expect.stringMatching(/./) as string,
      details: JSON.stringify(details),
    });
    expect(nodes.map((node) => ({ ...node, details: sorted(node.details) }))).toEqual([
      entry(admin, { from: 'PENDING', reason: 'fine', to: 'VISIBLE' }),
      entry(moderator, { from: 'VISIBLE', reason: 'now PENDING', to: 'PENDING' }),
      entry(moderator, { from: 'HIDDEN', reason: 'now VISIBLE', to: 'VISIBLE' }),
      entry(moderator, { from: 'VISIBLE', reason: 'now HIDDEN', to: 'HIDDEN' }),
    ]);
  });

  /** PostgreSQL keeps an object's keys in an order of its own. */
  const sorted = (json: string): string =>
    JSON.stringify(
      Object.fromEntries(
        Object.entries(JSON.parse(json) as Record<string, unknown>).toSorted(([one], [other]) =>
          one < other ? -1 : 1,
        ),
      ),
    );

  it('has entries without an actor, for what was done on the command line', async () => {
    const subjectId = randomUUID();
    await publication.sql`insert into audit_log (id, action, operation, subject_type, subject_id, details)
      values (${randomUUID()}, 'USER_SET_ROLE', 'user create', 'User', ${subjectId}, '{}')`;
    const { nodes } = await list({ filter: { subjectId: encodeId('User', subjectId) } });
    expect(nodes).toMatchObject([
      { actor: null, user: null, address: null, requestId: null, operation: 'user create', details: '{}' },
    ]);
  });

  it('is filtered by who did it, whom it concerns and what it was done to', async () => {
    const reasons = async (filter: Record<string, unknown>) =>
      (await list({ filter })).nodes.map(({ details }) => (JSON.parse(details) as { reason: string }).reason);
    expect(await reasons({ actorId: admin.id })).toEqual(['fine']);
    expect(await reasons({ actorId: moderator.id, userId: commenter.id })).toHaveLength(3);
    expect(await reasons({ userId: commenter.id, actorId: null })).toHaveLength(4);
    expect(await reasons({ actorId: admin.id, subjectId: comment.id })).toEqual(['fine']);
    expect(await reasons({ actorId: commenter.id })).toEqual([]);
  });

  it.each([
    ['a junk id', () => ({ actorId: 'x' })],
    ['an id of another type', () => ({ userId: comment.id })],
    ['an empty id', () => ({ subjectId: '' })],
  ])('has nothing for %s', async (_, filter) => {
    expect(await list({ filter: filter() })).toMatchObject({ totalCount: 0, nodes: [] });
  });

  it('pages to the end without a repeat, and back', async () => {
    const filter = { subjectId: comment.id };
    const all = (await list({ filter })).nodes.map(({ id }) => id);
    const seen: string[] = [];
    let page: Page | undefined;
    do {
      page = await list({ filter, first: 3, after: page?.pageInfo.endCursor });
      seen.push(...page.nodes.map(({ id }) => id));
    } while (page.pageInfo.hasNextPage);
    expect(seen).toEqual(all);
    expect((await list({ filter, last: 2 })).nodes.map(({ id }) => id)).toEqual(all.slice(-2));
  });

  it('costs one statement a page, and one for all users on it', async () => {
    const ask = '{ auditLog(first: 100) { nodes { id actor { id } user { id } } } }';
    const statements = await publication.app.statementsOf(() => admin.query(ask));
    expect(statements.map(({ name }) => name).filter((name) => name !== 'accounts.userOfSession')).toEqual([
      'audit.list',
      'accounts.byIds',
    ]);
  });

  it('is for administrators', async () => {
    const ask = '{ auditLog { totalCount } }';
    const { errors, data } = await publication.app.send(ask);
    expect([data, errors?.map((error) => error.extensions.code)]).toEqual([
      { auditLog: null },
      ['UNAUTHENTICATED'],
    ]);
    for (const role of ['READER', 'AUTHOR', 'MODERATOR', 'EDITOR'] as const) {
      const refused = await (await createPerson(publication, role)).send(ask);
      expect([refused.data, refused.errors?.map((error) => error.extensions.code)]).toEqual([
        { auditLog: null },
        ['FORBIDDEN'],
      ]);
    }
  });

  it('is not readable through node', async () => {
    const { nodes } = await list();
    const answer = await admin.query('query ($id: ID!) { node(id: $id) { id } }', { id: nodes[0]?.id });
    expect(answer).toEqual({ node: null });
  });

  it.each([
    'update audit_log set operation = null',
    'delete from audit_log',
    'truncate audit_log',
    "insert into audit_log select * from audit_log limit 1 on conflict (id) do update set operation = ''",
  ])('is append-only, the database refuses: %s', async (statement) => {
    const { totalCount } = await list();
    await expect(publication.sql.unsafe(statement)).rejects.toThrow('audit_log is append-only');
    expect((await list()).totalCount).toBe(totalCount);
  });
});
