import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createPost } from '../coverage/newsroom.js';
import { createClient, startTestApp } from '../kit/app.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { until } from '../kit/until.js';

/** The longest that an answer may be old. */
const LONGEST_AGE = 900;

const THREAD =
  'query Thread($id: ID!) { node(id: $id) { ... on Post { title commentCount comments(first: 100) { nodes { body } } } } }';
const ADD =
  'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } userErrors { code } } }';
interface Thread {
  readonly node: {
    readonly title: string;
    readonly commentCount: number;
    readonly comments: { readonly nodes: { body: string }[] };
  };
}

interface Cost {
  readonly cost: { readonly requested: number; readonly actual: number; readonly throttle?: object };
}

const bodiesIn = ({ node }: Thread): string[] => node.comments.nodes.map(({ body }) => body);

describe('an answer to a viewer whom nobody knows', () => {
  const publication = usePublication({ TIDINGS_ANSWER_AGE_MS: String(LONGEST_AGE) });
  let reader: Person;
  beforeAll(async () => {
    reader = await createPerson(publication);
  });

  /** The answer as it was sent. */
  const post = async (body: object, headers: Record<string, string> = {}) => {
    const response = await fetch(publication.app.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return {
      status: response.status,
      headers: response.headers,
      ...((await response.json()) as { data: Thread; errors?: object[]; extensions: Cost }),
    };
  };
  const add = (id: string, body: string) => reader.query(ADD, { input: { postId: id, body } });
  /** However long the machine stalls: at some time it is asked twice within what an answer may be old. */
  const isKept = (ask: () => Promise<unknown>) =>
    until('it is kept', async () => {
      await ask();
      return (await publication.app.statementsOf(ask)).length === 0;
    });

  it('is given to the next one as well, without a statement, for one point', async () => {
    const { id } = await createPost(publication);
    const asked = { query: THREAD, variables: { id } };
    const first = await post(asked);
    let second: typeof first | undefined;
    await isKept(async () => {
      second = await post(asked);
    });
    expect(second?.data).toEqual(first.data);
    expect(second?.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(second?.headers.get('ratelimit-remaining')).toMatch(/^\d+$/);
    expect(second?.extensions.cost).toEqual({
      requested: first.extensions.cost.requested,
      actual: 1,
      throttle: expect.objectContaining({ maximum: expect.any(Number) as number }) as object,
    });
  });

  it('is made once for all who ask at the same moment', async () => {
    const { id } = await createPost(publication);
    const asked = { query: THREAD, variables: { id } };
    const alone = await publication.app.statementsOf(() =>
      post({ query: THREAD.replace('Thread', 'Alone'), variables: { id } }),
    );
    const together = await publication.app.statementsOf(() =>
      Promise.all(Array.from({ length: 20 }, () => post(asked))),
    );
    expect(together.map(({ name }) => name)).toEqual(alone.map(({ name }) => name));
  });

  it('shows at once what was committed here', async () => {
    const { id } = await createPost(publication);
    for (let count = 1; count <= 5; count += 1) {
      await add(id, `Comment ${count}`);
      const { data } = await post({ query: THREAD, variables: { id } });
      expect(bodiesIn(data)).toHaveLength(count);
      expect(data.node.commentCount).toBe(count);
    }
  });

  it('stays as it is when something happens elsewhere', async () => {
    const [{ id }, other] = [await createPost(publication), await createPost(publication)];
    const asked = { query: THREAD, variables: { id } };
    const isKeptBeside = async () => {
      await post(asked);
      await add(other.id, 'Elsewhere');
      return (await publication.app.statementsOf(() => post(asked))).length === 0;
    };
    // However long the machine stalls: at some time this is faster than an answer grows old.
    expect(await vi.waitUntil(isKeptBeside, { timeout: 20_000 })).toBe(true);
  });

  it('shows a comment at once that a moderator lets be seen', async () => {
    const moderator = await createPerson(publication, 'MODERATOR');
    const { id: postId } = await createPost(publication);
    const { addComment } = await reader.query<{ addComment: { comment: { id: string } } }>(ADD, {
      input: { postId, body: 'Hidden for a while' },
    });
    const { id } = addComment.comment;
    const asked = 'query ($id: ID!) { node(id: $id) { ... on Comment { body } } }';
    for (const [state, node] of [
      ['HIDDEN', null],
      ['VISIBLE', { body: 'Hidden for a while' }],
    ]) {
      await moderator.query(
        'mutation ($input: SetCommentStateInput!) { setCommentState(input: $input) { userErrors { code } } }',
        { input: { id, state } },
      );
      expect(await publication.app.query(asked, { id })).toEqual({ node });
      expect(await publication.app.query(asked, { id })).toEqual({ node });
    }
  });

  it('is not given to who asks after something happened while it was made', async () => {
    const editor = await createPerson(publication, 'EDITOR');
    const { id } = await createPost(publication);
    const asked = { query: THREAD, variables: { id } };
    const locking = await publication.sql.reserve();
    await locking`begin`;
    await locking`lock table comments in access exclusive mode`;
    const before = post(asked);
    await until('it is being made', async () => {
      const [waiting] = await publication.sql`select from pg_locks where not granted`;
      return waiting !== undefined;
    });
    await editor.query(
      'mutation ($input: UpdatePostInput!) { updatePost(input: $input) { userErrors { code } } }',
      {
        input: { id, expectedVersion: 1, title: 'Another title' },
      },
    );
    const after = post(asked);
    await locking`commit`;
    locking.release();
    await before;
    expect((await after).data.node.title).toBe('Another title');
    expect((await post(asked)).data.node.title).toBe('Another title');
  });

  it('leaves what is nested too deep to be refused like without it', async () => {
    const depth = 5_000;
    const nested = '['.repeat(depth) + ']'.repeat(depth);
    const response = await fetch(publication.app.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"query":"query ($x: ID!) { node(id: $x) { id } }","variables":{"x":${nested}}}`,
    });
    const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('is of that document, with these variables, in that form', async () => {
    const [{ id }, other] = [await createPost(publication), await createPost(publication)];
    await add(other.id, 'Of the other');
    await post({ query: THREAD, variables: { id } });
    expect(bodiesIn((await post({ query: THREAD, variables: { id: other.id } })).data)).toEqual([
      'Of the other',
    ]);
    const form = 'application/graphql-response+json';
    const formed = await post({ query: THREAD, variables: { id } }, { accept: form });
    expect(formed.headers.get('content-type')).toContain(form);
  });

  it('is never given to who is known, or who wants the newest', async () => {
    const { id } = await createPost(publication);
    const asked = { query: THREAD, variables: { id } };
    await post(asked);
    const authorization = `Bearer ${reader.accessToken}`;
    for (const headers of [{ authorization }, { 'cache-control': 'no-cache' }] as Record<string, string>[]) {
      const statements = await publication.app.statementsOf(() => post(asked, headers));
      expect(statements.length).toBeGreaterThan(0);
    }
  });

  it('is made anew for each when it has an error, or changes something', async () => {
    const wrong = { query: THREAD, variables: { id: 'nothing' } };
    const [one, other] = [await post(wrong), await post(wrong)];
    expect(other.errors).toEqual(one.errors);
    const signIn =
      'mutation { signIn(input: { email: "nobody@example.org", password: "wrong wrong wrong" }) { userErrors { code } } }';
    const statementsOfSignIn = () => publication.app.statementsOf(() => post({ query: signIn }));
    expect((await statementsOfSignIn()).length).toBeGreaterThan(0);
    expect((await statementsOfSignIn()).length).toBeGreaterThan(0);
  });

  it('keeps what caches are told, and says nothing of who asked first', async () => {
    const { id } = await createPost(publication);
    const url = new URL(publication.app.endpoint);
    url.searchParams.set('query', THREAD);
    url.searchParams.set('variables', JSON.stringify({ id }));
    const get = () => fetch(url, { headers: { 'apollo-require-preflight': '1' } });
    const [first, second] = [await get(), await get()];
    const etag = first.headers.get('etag');
    expect(etag).not.toBeNull();
    // Whether it was kept or made: who has it is told so.
    expect(second.headers.get('etag')).toBe(etag);
    const again = await fetch(url, {
      headers: { 'apollo-require-preflight': '1', 'if-none-match': etag ?? '' },
    });
    expect(again.status).toBe(304);
    expect(second.headers.get('cache-control')).toBe(first.headers.get('cache-control'));
    expect(second.headers.get('ratelimit-remaining')).toBeNull();
    expect(((await second.json()) as { extensions: Cost }).extensions.cost.throttle).toBeUndefined();
    // What a page of another origin could send without asking is refused, kept or not.
    expect((await fetch(url, { headers: { 'content-type': 'text/plain' } })).status).toBe(400);
  });

  it('is refused to who has no points left', async () => {
    const app = await startTestApp({
      DATABASE_URL: publication.url,
      TIDINGS_ANSWER_AGE_MS: String(LONGEST_AGE),
      TIDINGS_THROTTLE_ANONYMOUS: '1000/1',
    });
    try {
      const client = createClient(app.endpoint);
      const ask = () => client.send<object>('{ posts(first: 3) { nodes { title } } }');
      let code: string | undefined;
      for (let turn = 0; turn < 1_200 && code === undefined; turn += 1) {
        code = (await ask()).errors?.[0]?.extensions.code;
      }
      expect(code).toBe('THROTTLED');
    } finally {
      await app.stop();
    }
  });
});
