import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Role } from '../../src/auth/roles.js';
import type { SignedInViewer, Viewer } from '../../src/auth/viewer.js';
import { documentOf, type Heard, type Live } from '../kit/live.js';
import { until } from '../kit/until.js';

/** Who writes what in tests of the kernel, without a transport. */
export function createDesk(live: Live) {
  /** A new user. */
  async function createUser(role: Role): Promise<SignedInViewer> {
    const userId = randomUUID();
    await live.db.execute(
      sql`insert into users (id, username, name, role) values (${userId}, ${`u-${userId}`}, ${`A ${role}`}, ${role})`,
    );
    return { userId, role, sessionId: null, scopes: 'ALL' };
  }

  /** Sends a mutation that must be done. */
  async function act<Payload>(who: Viewer, field: string, input: object, selection = '__typename') {
    const type = String(live.schema.getMutationType()?.getFields()[field]?.args[0]?.type);
    const { payload } = await live.ask<{ payload: Payload & { userErrors: readonly object[] } }>(
      who,
      documentOf(
        `mutation ($input: ${type}) { payload: ${field}(input: $input) { ${selection} userErrors { code message } } }`,
      ),
      { input },
    );
    if (payload.userErrors.length > 0) throw new Error(`${field}: ${JSON.stringify(payload.userErrors)}`);
    return payload;
  }

  async function createPost(author: Viewer, title = 'A post'): Promise<string> {
    const input = { title, body: 'Some text', tags: ['News'] };
    const { post } = await act<{ post: { id: string } }>(author, 'createPost', input, 'post { id }');
    return post.id;
  }

  async function addComment(who: Viewer, postId: string, body: string, parentId?: string): Promise<string> {
    const input = { postId, body, parentId };
    const { comment } = await act<{ comment: { id: string } }>(who, 'addComment', input, 'comment { id }');
    return comment.id;
  }

  async function addEntry(who: Viewer, postId: string, body: string): Promise<string> {
    const payload = await act<{ entry: { id: string } }>(
      who,
      'addCoverageEntry',
      { postId, body },
      'entry { id }',
    );
    return payload.entry.id;
  }

  return {
    act,
    addComment,
    addEntry,
    createPost,
    createUser,
    /** Ends all that these hear. */
    leaveAll(streams: readonly Heard[]): void {
      for (const { connection } of streams) live.hub.disconnect(connection);
    },
  };
}

export type Desk = ReturnType<typeof createDesk>;

/** Resolves when each of them was told so many things. */
export const hearsSoMany = (streams: readonly Heard[], count: number): Promise<void> =>
  until(`${streams.length} streams heard ${count}`, () =>
    streams.every(({ answers }) => answers.length >= count),
  );
