import { HeaderMap, type HTTPGraphQLRequest, type HTTPGraphQLResponse } from '@apollo/server';
import { LRUCache } from 'lru-cache';
import type { LoggedEvent } from '../events/catalogue.js';
import { signals } from '../lib/signals.js';
import type { Throttle } from '../limits/throttle.js';
import { costOf, rateLimitsOf } from './costs.js';
import type { Execution } from './execution.js';
import type { OperationContext, OperationNotes } from './operationContext.js';

/** Points for an answer that is there already: one, and one more for so many characters. */
const HIT = 1;
const CHARACTERS_FOR_A_POINT = 20_000;

/** Bytes of all answers that are kept, and of one, about. */
const MOST_BYTES = 64_000_000;
const MOST_BYTES_OF_ONE = 2_000_000;

/** Bytes that an answer takes beside its text, about. */
const BYTES_BESIDE = 1_000;
const BYTES_FOR_A_POST = 100;

/** How often somebody waits for an answer that another one makes. */
const MOST_TURNS = 3;

/** Characters of a request; what is longer is hardly sent twice. */
const LONGEST_REQUEST = 20_000;

/** How Apollo writes an answer without errors, and what of it is for one client only. */
const WHOLE = '{"data":';
const EXTENSIONS = ',"extensions":{"cost":';

/** Headers that decide how a request is answered, or whether at all: Apollo refuses what a foreign page could send. */
const DECISIVE = ['accept', 'content-type', 'apollo-require-preflight', 'x-apollo-operation-name'];

/** Events that nobody sees but who they concern: no answer to somebody unknown changes. */
const PRIVATE = /^(?:session|apiToken|follow|bookmark)\.|^comment\.reported$/;

/** An answer to whoever asks without saying who they are. */
interface Answer {
  /** Up to the extensions. */
  readonly text: string;
  /** What it cost whoever asked first: to caches it is part of the answer. */
  readonly extensions: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly notes: Required<OperationNotes>;
  /** Posts that were read for it, with all that belongs to them. */
  readonly posts: ReadonlySet<string>;
  /** Milliseconds, of the clock of this process: before the first statement. */
  readonly madeAt: number;
}

export interface AnswersOptions {
  readonly throttle: Throttle;
  /** Milliseconds that an answer may be old; 0: none is kept. */
  readonly longestAge: number;
}

/** Answers that are kept for a moment. */
export interface Answers {
  /** An execution that answers from them what it can. */
  around(this: void, execution: Execution): Execution;
  /** Something happened: what this instance knows of is never answered as it was before. */
  forget(this: void, events: readonly LoggedEvent[]): void;
}

/** The post that an event is about, alone; undefined: it may show anywhere. */
const postOf = ({ type, payload }: LoggedEvent): string | undefined =>
  !type.startsWith('post.') && 'postId' in payload ? payload.postId : undefined;

/** Names what is asked; undefined: it is not for everybody, must be new, or is hardly asked twice. */
function keyOf({ method, headers, body, search }: HTTPGraphQLRequest, context: OperationContext) {
  if (context.viewer.userId !== null || context.newest === true) return undefined;
  // Nothing is written down again that is long: nobody has paid for it yet. A body of unknown length may be.
  if (method === 'POST' && !(Number(headers.get('content-length') ?? NaN) <= LONGEST_REQUEST))
    return undefined;
  try {
    const key = JSON.stringify([method, search, body, DECISIVE.map((name) => headers.get(name))]);
    return key.length > LONGEST_REQUEST ? undefined : key;
  } catch {
    // It is too deep: who looks at variables says so.
    return undefined;
  }
}

/** The answer, and apart from it what is for one client only; undefined when not everybody may be given it. */
function partsOf({
  status,
  headers,
  body,
}: HTTPGraphQLResponse): Pick<Answer, 'text' | 'extensions'> | undefined {
  const isGood = (status === undefined || status === 200) && !headers.has('set-cookie');
  if (!isGood || body.kind !== 'complete' || !body.string.startsWith(WHOLE)) return undefined;
  const end = body.string.lastIndexOf(EXTENSIONS);
  return end < 0 ? undefined : { text: body.string.slice(0, end), extensions: body.string.slice(end) };
}

/**
 * Keeps answers to queries of viewers that nobody knows, who all see the same, for less than a second. So a crowd costs no more
 * than one reader. What this instance commits or hears of ends the answers that show it at once; what it does not hear of, because
 * another instance committed it or Redis is away, shows when they are too old. Nothing has to arrive for that.
 */
export function createAnswers({ throttle, longestAge }: AnswersOptions): Answers {
  const kept = new LRUCache<string, Answer>({
    maxSize: MOST_BYTES,
    maxEntrySize: MOST_BYTES_OF_ONE,
    sizeCalculation: ({ text, extensions, posts }, key) =>
      2 * (text.length + extensions.length + key.length) + posts.size * BYTES_FOR_A_POST + BYTES_BESIDE,
  });
  /** Answers that are being made: who asks for the same meanwhile waits for them. */
  const underWay = new Map<string, Promise<HTTPGraphQLResponse>>();
  /** By post: when something last happened to it. Only of as long as an answer may be old. */
  const happened = new Map<string, number>();
  let everythingAt = -Infinity;

  const isGood = ({ madeAt, posts }: Answer, now: number): boolean => {
    if (now - madeAt > longestAge || madeAt <= everythingAt) return false;
    for (const post of posts) if (madeAt <= (happened.get(post) ?? -Infinity)) return false;
    return true;
  };

  /** @returns undefined when nothing is kept, or the client has no points: what refuses it says how. */
  const repeat = (key: string, context: OperationContext, began: number): HTTPGraphQLResponse | undefined => {
    const answer = kept.get(key);
    if (answer === undefined) return undefined;
    if (!isGood(answer, performance.now())) {
      kept.delete(key);
      return undefined;
    }
    const { payer, requestId, isCacheable = false, transport = 'http' } = context;
    const points = HIT + Math.floor(answer.text.length / CHARACTERS_FOR_A_POINT);
    if (!throttle.spend(payer, points)) return undefined;
    const { requested, ...operation } = answer.notes;
    const cost = { isLetIn: true, requested, actual: points, bucket: throttle.look(payer) };
    const headers = new HeaderMap(answer.headers);
    if (!isCacheable) for (const [name, value] of rateLimitsOf(cost.bucket)) headers.set(name, value);
    const extensions = isCacheable
      ? answer.extensions
      : `,"extensions":${JSON.stringify({ cost: costOf(cost, false) })}}\n`;
    signals.operation.say({
      ...operation,
      requestId,
      viewerId: null,
      transport,
      seconds: (performance.now() - began) / 1_000,
      statements: 0,
      cost,
      codes: [],
      isKept: true,
    });
    return { headers, body: { kind: 'complete', string: `${answer.text}${extensions}` } };
  };

  const make = async (
    key: string,
    execute: () => Promise<HTTPGraphQLResponse>,
    { notes, effort, isCacheable }: OperationContext & { readonly notes: OperationNotes },
  ): Promise<HTTPGraphQLResponse> => {
    const madeAt = performance.now();
    const response = await execute();
    const parts = partsOf(response);
    const { type, requested } = notes;
    if (parts === undefined || type !== 'query' || requested === undefined) return response;
    const headers = [...response.headers].filter(
      ([name]) => isCacheable === true || !name.startsWith('ratelimit-'),
    );
    const { name, hash } = notes;
    kept.set(key, { ...parts, headers, notes: { type, name, hash, requested }, posts: effort.posts, madeAt });
    return response;
  };

  return {
    around: (execution) =>
      longestAge === 0
        ? execution
        : {
            ...execution,
            async http(request, context) {
              const key = keyOf(request, context);
              if (key === undefined) return execution.http(request, context);
              const began = performance.now();
              const ready = repeat(key, context, began);
              if (ready !== undefined) return ready;
              for (let turn = 0; turn < MOST_TURNS && underWay.has(key); turn += 1) {
                // Whoever makes it may be refused, or something happens to it: then one of those who wait makes the next.
                await underWay.get(key)?.catch(() => undefined);
                context.asking?.check();
                const repeated = repeat(key, context, began);
                if (repeated !== undefined) return repeated;
              }
              const noting = Object.assign(context, { notes: {} });
              const making = make(key, () => execution.http(request, noting), noting);
              underWay.set(key, making);
              try {
                return await making;
              } finally {
                if (underWay.get(key) === making) underWay.delete(key);
              }
            },
          },
    forget(events) {
      const now = performance.now();
      for (const event of events) {
        if (PRIVATE.test(event.type)) continue;
        const post = postOf(event);
        if (post === undefined) {
          everythingAt = now;
          continue;
        }
        // The last one goes to the end.
        happened.delete(post);
        happened.set(post, now);
      }
      for (const [post, at] of happened) {
        if (now - at <= longestAge) break;
        happened.delete(post);
      }
    },
  };
}
