import type { HTTPGraphQLResponse } from '@apollo/server';
import { LRUCache } from 'lru-cache';
import type { LoggedEvent } from '../events/catalogue.js';
import { signals } from '../lib/signals.js';
import { ANONYMOUS } from '../auth/viewer.js';
import { payerOf, type Throttle } from '../limits/throttle.js';
import {
  type Answered,
  answeredOf,
  type Answering,
  type Asked,
  type ContextOf,
  DECISIVE,
  execute,
  type RequestHead,
} from './answering.js';
import { WHOLE } from './caching.js';
import { costText, rateLimitsOf } from './costs.js';
import type { Execution } from './execution.js';
import { createHappenings } from './happenings.js';
import type { OperationNotes } from './operationContext.js';
import { endOf, pack, type Packed } from './packing.js';

/** Points for an answer that is there already: one, and one more for so many bytes. */
const HIT = 1;
const BYTES_FOR_A_POINT = 20_000;

/** Bytes of all answers that are kept, and of one, about: each text, and half as much for the same packed. */
const MOST_BYTES = 96_000_000;
const MOST_BYTES_OF_ONE = 3_000_000;
const WITH_PACKED = 1.5;

/** Bytes that an answer takes beside its text, about. */
const BYTES_BESIDE = 1_000;
const BYTES_FOR_A_POST = 100;

/** The least part of the longest age that an answer lasts. Pages that were made together don't all grow old at once, then. */
const LEAST_SHARE = 0.75;

/** How often somebody waits for an answer that another one makes. */
const MOST_TURNS = 3;

/** Characters of a request; what is longer is hardly sent twice. */
export const LONGEST_REQUEST = 20_000;

/** How Apollo writes what of an answer is for one client only. */
const EXTENSIONS = ',"extensions":{"cost":';

/** What is said is heard at once, ten times in a row, and then twice a second: a crowd that talks would make all answers anew. */
const MOST_RENEWALS = 10;
const RENEWALS_PER_SECOND = 2;

/** Whether what was made is for the others as well; 'REFUSED': it was not made, and for somebody else it may be. */
type Outcome = 'KEPT' | 'NOT FOR ALL' | 'REFUSED';

interface Made {
  readonly answered: Answered;
  readonly outcome: Outcome;
}

/** How often an answer may be made anew for what is added. */
interface Renewals {
  left: number;
  /** Milliseconds, of the clock of this process. */
  at: number;
}

/** An answer to whoever asks without saying who they are. */
interface Answer {
  /** Up to the extensions. */
  readonly text: Buffer;
  /** The same packed, once somebody wants it so; null: that is under way, or failed. */
  packed?: Packed | null;
  /** What it cost whoever asked first: to caches it is part of the answer. */
  readonly extensions: Buffer;
  readonly headers: readonly (readonly [string, string])[];
  readonly notes: Required<OperationNotes>;
  /** Posts that were read for it, with all that belongs to them. */
  readonly posts: ReadonlySet<string>;
  /** Milliseconds, of the clock of this process: before the first statement. */
  readonly madeAt: number;
  /** Milliseconds that it lasts at most. */
  readonly lifetime: number;
  /** Those of the request: the next answer to it has the same. */
  readonly renewals: Renewals;
}

/** Whether one more is there. It is taken when an answer comes of it. */
function hasRenewal(renewals: Renewals, now: number): boolean {
  const come = ((now - renewals.at) * RENEWALS_PER_SECOND) / 1_000;
  renewals.left = Math.min(MOST_RENEWALS, renewals.left + come);
  renewals.at = now;
  return renewals.left >= 1;
}

export interface AnswersOptions {
  readonly throttle: Throttle;
  /** Milliseconds that an answer may be older than its question; 0: none is. */
  readonly longestAge: number;
  /** Whether those who ask the same while it is made get one answer, also where none may be older. */
  readonly shares: boolean;
}

/** What was made for somebody else, for one client more. */
export interface Repeated {
  /** Headers about the client's bucket. */
  readonly rateLimits: readonly (readonly [string, string])[];
  /** The answer up to what is the client's own, and that. */
  readonly text: Buffer;
  readonly extensions: Buffer;
}

/** Answers that are kept for a moment. */
export interface Answers {
  /** Answers from them what it can; the rest is executed. */
  around(this: void, execution: Pick<Execution, 'http'>, contextOf: ContextOf): Answering;
  /**
   * The answer to a POST that is kept.
   *
   * @param key by which it is kept: `Answered.key`.
   * @param isPacked whether with gzip.
   * @returns undefined when there is none any more, it is not packed yet, or the client has no points: what refuses it says how.
   */
  repeat(
    this: void,
    key: string,
    head: Pick<RequestHead, 'address' | 'requestId'>,
    isPacked: boolean,
  ): Repeated | undefined;
  /** Something happened, which answers of before do not show. */
  forget(this: void, events: readonly LoggedEvent[]): void;
}

/** Names what is asked; undefined: it is not for everybody, must be new, or is hardly asked twice. */
function keyOf({ method, headers, body, search }: Asked, { authorization, newest }: RequestHead) {
  if (authorization !== undefined || newest) return undefined;
  // Nothing is written down again that is long: nobody has paid for it yet. A body of unknown length may be.
  if (method === 'POST' && !(Number(headers['content-length']) <= LONGEST_REQUEST)) return undefined;
  try {
    const key = JSON.stringify([method, search, body, DECISIVE.map((name) => headers[name])]);
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
  if (end < 0) return undefined;
  return { text: Buffer.from(body.string.slice(0, end)), extensions: Buffer.from(body.string.slice(end)) };
}

/**
 * Keeps answers to queries of viewers that nobody knows, who all see the same, for less than a second. So a crowd costs no more
 * than one reader. What this instance commits or hears of ends the answers that show it at once, but for what is added without a
 * pause; that, and what it does not hear of, because another instance committed it or Redis is away, shows when they are too old.
 * Nothing has to arrive for that.
 */
export function createAnswers({ throttle, longestAge, shares }: AnswersOptions): Answers {
  const kept = new LRUCache<string, Answer>({
    maxSize: MOST_BYTES,
    maxEntrySize: MOST_BYTES_OF_ONE,
    sizeCalculation: ({ text, extensions, posts }, key) =>
      Math.ceil(text.length * WITH_PACKED) +
      extensions.length +
      2 * key.length +
      posts.size * BYTES_FOR_A_POST +
      BYTES_BESIDE,
  });
  /** Answers that are being made, and what becomes of them: who asks for the same meanwhile waits for them. */
  const underWay = new Map<string, Promise<Outcome>>();
  const happenings = createHappenings(longestAge);

  /** @param asked when the client asked: what was made after that has all that was there then. */
  const isGood = (key: string, { madeAt, lifetime, posts, renewals }: Answer, asked: number): boolean => {
    if (madeAt >= asked) return true;
    const now = performance.now();
    if (now - madeAt > lifetime) return false;
    const happened = happenings.since(madeAt, posts);
    if (happened === 'MORE') return false;
    // One that is being made anew is worth waiting for.
    return happened === 'NOTHING' || (!underWay.has(key) && !hasRenewal(renewals, now));
  };

  /** @param asked when the client asked. */
  const find = (key: string, asked: number): Answer | undefined => {
    const answer = kept.get(key);
    return answer !== undefined && isGood(key, answer, asked) ? answer : undefined;
  };

  /** Gives an answer to one client more. @returns undefined when they have no points: what refuses it says how. */
  const give = (
    { text, extensions, notes }: Answer,
    { address, requestId, isCacheable }: Pick<RequestHead, 'address' | 'requestId' | 'isCacheable'>,
    began: number,
  ): Repeated | undefined => {
    const payer = payerOf({ viewer: ANONYMOUS, apiTokenId: null, address });
    const points = HIT + Math.floor(text.length / BYTES_FOR_A_POINT);
    if (!throttle.spend(payer, points)) return undefined;
    const { requested, type, name, hash } = notes;
    const cost = { isLetIn: true, requested, actual: points, bucket: throttle.look(payer) };
    signals.operation.say({
      type,
      name,
      hash,
      requestId,
      viewerId: null,
      transport: 'http',
      seconds: (performance.now() - began) / 1_000,
      statements: 0,
      cost,
      codes: [],
      isKept: true,
    });
    if (isCacheable) return { rateLimits: [], text, extensions };
    const own = Buffer.from(`${EXTENSIONS}${costText(cost)}}}\n`);
    return { rateLimits: rateLimitsOf(cost.bucket), text, extensions: own };
  };

  /** An answer that is packed, once for all; null: it is not yet. */
  const packedOf = (answer: Answer): Packed | null => {
    if (answer.packed === undefined) {
      answer.packed = null;
      pack(answer.text).then(
        (packed) => (answer.packed = packed),
        () => undefined,
      );
    }
    return answer.packed;
  };

  const again = (key: string, head: RequestHead, began: number): Answered | undefined => {
    const answer = find(key, began);
    const repeated = answer && give(answer, head, began);
    if (answer === undefined || repeated === undefined) return undefined;
    const { rateLimits, text, extensions } = repeated;
    return { headers: [...answer.headers, ...rateLimits], body: Buffer.concat([text, extensions]), key };
  };

  const createMaking =
    (execution: Pick<Execution, 'http'>, contextOf: ContextOf) =>
    async (key: string, asked: Asked, head: RequestHead): Promise<Made> => {
      const madeAt = performance.now();
      const notes: OperationNotes = {};
      const context = Object.assign(await contextOf(head), { notes });
      const response = await execute(execution, asked, context);
      const parts = partsOf(response);
      const { type, name, hash, requested } = notes;
      const answered = answeredOf(response);
      if (requested === undefined || head.asking.hasGivenUp) return { answered, outcome: 'REFUSED' };
      if (parts === undefined || type !== 'query') return { answered, outcome: 'NOT FOR ALL' };
      const headers = [...response.headers].filter(
        ([header]) => head.isCacheable || !header.startsWith('ratelimit-'),
      );
      const { posts } = context.effort;
      const renewals = kept.peek(key)?.renewals ?? { left: MOST_RENEWALS + 1, at: madeAt };
      renewals.left = Math.max(0, renewals.left - 1);
      const known = { type, name, hash, requested };
      const lifetime = longestAge * (LEAST_SHARE + (1 - LEAST_SHARE) * Math.random());
      kept.set(key, { ...parts, headers, notes: known, posts, madeAt, lifetime, renewals });
      return { answered, outcome: kept.has(key) ? 'KEPT' : 'NOT FOR ALL' };
    };

  return {
    around(execution, contextOf) {
      const answer = async (asked: Asked, head: RequestHead): Promise<Answered> =>
        answeredOf(await execute(execution, asked, await contextOf(head)));
      if (longestAge === 0 && !shares) return answer;
      const make = createMaking(execution, contextOf);
      const begin = async (key: string, asked: Asked, head: RequestHead): Promise<Answered> => {
        const making = make(key, asked, head);
        const outcome = making.then(
          (made) => made.outcome,
          (): Outcome => 'REFUSED',
        );
        underWay.set(key, outcome);
        try {
          return (await making).answered;
        } finally {
          if (underWay.get(key) === outcome) underWay.delete(key);
          // Those who waited for it take it before anything else happens.
          if (longestAge === 0) setImmediate(() => kept.delete(key));
        }
      };
      const wait = async (key: string, asked: Asked, head: RequestHead, began: number) => {
        for (let turn = 0; turn < MOST_TURNS && underWay.has(key); turn += 1) {
          // Whoever makes it may be refused, or something happens to it: then one of those who wait makes the next.
          const outcome = await underWay.get(key);
          head.asking.check();
          const repeated = again(key, head, began);
          if (repeated !== undefined) return repeated;
          if (outcome === 'NOT FOR ALL') return answer(asked, head);
        }
        return begin(key, asked, head);
      };
      return (asked, head) => {
        const key = keyOf(asked, head);
        if (key === undefined) return answer(asked, head);
        const began = performance.now();
        return again(key, head, began) ?? wait(key, asked, head, began);
      };
    },
    repeat(key, { address, requestId }, isPacked) {
      const began = performance.now();
      const answer = find(key, began);
      if (answer === undefined) return undefined;
      const packed = isPacked ? packedOf(answer) : undefined;
      if (packed === null) return undefined;
      const repeated = give(answer, { address, requestId, isCacheable: false }, began);
      if (repeated === undefined || packed === undefined) return repeated;
      return { ...repeated, text: packed.bytes, extensions: endOf(packed, repeated.extensions) };
    },
    forget: happenings.note,
  };
}
