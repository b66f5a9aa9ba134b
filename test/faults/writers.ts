import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Caller } from '../../src/changes/caller.js';
import { createChanges } from '../../src/changes/change.js';
import { createIdempotencyStore } from '../../src/changes/idempotency.js';
import type { Database } from '../../src/db/client.js';
import { isDatabaseAway } from '../../src/graphql/errors.js';
import { createCommentService } from '../../src/modules/comments/service.js';
import { createBodyRenderer } from '../../src/render/pool.js';
import type { Answer } from '../kit/app.js';

/** Somebody who writes comments until they are told to stop. */
export interface Writer {
  /** Resolves, when the last comment is answered, with how many it wrote for sure. */
  stop(): Promise<number>;
}

/** Milliseconds: between two comments, and until an answer is given up; and how long a transaction lingers, at most. */
const PAUSE = 120;
const LONGEST_WAIT = 3_000;
const LINGER = 40;

/** Of so many transactions each is undone. */
const UNDONE = 0.3;

/** Milliseconds for which one comment is tried again. */
const LONGEST_TRY = 60_000;

function repeat(write: (turn: number) => Promise<boolean>): Writer {
  const over = new AbortController();
  const work = async (): Promise<number> => {
    let written = 0;
    for (let turn = 0; !over.signal.aborted; turn += 1) {
      if (await write(turn)) written += 1;
      await pause(Math.random() * PAUSE);
    }
    return written;
  };
  const working = work();
  // Heard of by whoever stops it.
  working.catch(() => undefined);
  return {
    stop() {
      over.abort();
      return working;
    },
  };
}

const ADD = `mutation ($input: AddCommentInput!, $key: String!) {
  addComment(input: $input) @idempotent(key: $key) { comment { id } userErrors { message } }
}`;

type Added = Answer<{ addComment: { comment: { id: string } | null; userErrors: readonly object[] } }>;

async function send(endpoint: string, accessToken: string, variables: object): Promise<Added> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ query: ADD, variables }),
    signal: AbortSignal.timeout(LONGEST_WAIT),
  });
  return (await response.json()) as Added;
}

/** Adds a comment once: asks any instance, and the next with the same key, until one of them answers. */
async function addOnce(anyEndpoint: () => string, accessToken: string, input: object): Promise<void> {
  const key = randomUUID();
  const deadline = performance.now() + LONGEST_TRY;
  let reason: unknown;
  while (performance.now() < deadline) {
    const answer = await send(anyEndpoint(), accessToken, { input, key }).catch((error: unknown) => {
      reason = error;
    });
    if (answer?.data?.addComment?.comment) return;
    if (answer !== undefined) {
      reason = new Error(JSON.stringify(answer));
      if (answer.errors?.[0]?.extensions.code !== 'UNAVAILABLE') throw reason;
    }
    await pause(50);
  }
  throw new Error('A comment was not answered for a minute.', { cause: reason });
}

/** Writes as clients do: over HTTP, with a key for each comment, which is sent again until it is answered. */
export const startClient = (anyEndpoint: () => string, accessToken: string, postId: string): Writer =>
  repeat(async (turn) => {
    await addOnce(anyEndpoint, accessToken, { postId, body: `Sent the ${turn}th time` });
    return true;
  });

class Undone extends Error {}

/** Transactions that linger after they took their place in the log, and are undone then as often as not. */
const lingering = (db: Database): Database =>
  Object.assign(Object.create(db) as Database, {
    transaction: (work: (tx: Database) => Promise<unknown>) =>
      db.transaction(async (tx) => {
        const answer = await work(tx);
        await pause(Math.random() * LINGER);
        if (Math.random() < UNDONE) throw new Undone();
        return answer;
      }),
  });

/** Writes as an instance does that dies after each commit, before it can tell anybody: through the product's own code. */
export function startMute(db: Database, userId: string, postId: string): Writer {
  const changes = createChanges(lingering(db), createIdempotencyStore('unused'), () => undefined);
  const renderer = createBodyRenderer();
  const comments = createCommentService(db, changes, renderer);
  const caller: Caller = {
    viewer: { userId, role: 'READER', sessionId: null, scopes: 'ALL' },
    operation: 'addComment',
    address: null,
    requestId: null,
  };
  const writer = repeat(async (turn) => {
    try {
      await comments.add(caller, { postId, parentId: null, body: `Whispered the ${turn}th time` });
      return true;
    } catch (error) {
      if (error instanceof Undone || isDatabaseAway(error)) return false;
      throw error;
    }
  });
  return {
    async stop() {
      try {
        return await writer.stop();
      } finally {
        await renderer.close();
      }
    },
  };
}
