import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationCost } from '../../src/server/operationContext.js';
import { signals } from '../../src/lib/signals.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { connect } from '../kit/sockets.js';
import { type Executing, startExecuting } from './executing.js';
import { ALICE, TIERS } from './tiers.js';

interface Answered {
  readonly errors?: readonly { readonly extensions?: { readonly code?: unknown } }[] | undefined;
  readonly extensions?: Record<string, unknown> | undefined;
}

interface Cost {
  readonly requested: number;
  readonly actual: number;
  readonly throttle: { readonly available: number };
}

const codeOf = ({ errors }: Answered): unknown => errors?.[0]?.extensions?.code;

/** What an answer says of its cost: requested, actual, and what is left. */
function costOf({ extensions = {} }: Answered): readonly [number, number, number] {
  const { requested, actual, throttle } = extensions['cost'] as Cost;
  return [requested, actual, throttle.available];
}

/** Points that a refusal takes. */
const REFUSAL = 25;

/** Nothing comes back while a test runs. */
const SLOW = { maximum: 1_000, restoreRate: 0.001 };
const tiers = { ...TIERS, READER: SLOW };

const TYPES = '{ __schema { types { name fields { name } } } }';

describe('an operation that is refused', () => {
  let executing: Executing;
  beforeAll(async () => {
    executing = await startExecuting({ tiers: { ...TIERS, READER: { maximum: 1e9, restoreRate: 1e9 } } });
  });
  afterAll(() => executing.stop());

  it.each<[string, string, string, Record<string, unknown>?]>([
    ['does not parse', 'GRAPHQL_PARSE_FAILED', '{ a'],
    ['has too many tokens', 'LIMIT_EXCEEDED', `{ ${'a '.repeat(2_000)} }`],
    ['is not valid', 'GRAPHQL_VALIDATION_FAILED', '{ nothing }'],
    ['is too large', 'LIMIT_EXCEEDED', `{ ${'__typename '.repeat(21)} }`],
    [
      'does not fit its variables',
      'BAD_USER_INPUT',
      'query ($n: Int) { posts(first: $n) { totalCount } }',
      { n: 'x' },
    ],
    [
      'does not say which operation is meant',
      'BAD_USER_INPUT',
      'query A { __typename } query B { __typename }',
    ],
  ])('because it %s takes points, each time', async (_, code, query, variables) => {
    for (const turn of ['first', 'second']) {
      const answer = await executing.ask(query, variables);
      const [requested, actual] = costOf(answer);
      expect([turn, codeOf(answer), requested, actual]).toEqual([turn, code, REFUSAL, REFUSAL]);
    }
  });
});

describe('a document that was never seen', () => {
  /** What a document costs when it is sent first, and again. */
  const twice = async (query: string, maximum = 1_000) => {
    const executing = await startExecuting({ tiers: { ...tiers, READER: { ...SLOW, maximum } } });
    const [first, second] = [await executing.ask(query), await executing.ask(query)];
    await executing.stop();
    return { first, second };
  };

  it.each([
    ['little', '{ __typename }'],
    ['much', TYPES],
  ])('and takes %s takes as much as one that is known', async (_, query) => {
    const { first, second } = await twice(query);
    const [requested, actual, available] = costOf(first);
    expect(available).toBe(1_000 - actual);
    expect(costOf(second)).toEqual([requested, actual, available - actual]);
  });

  it('and is long for what it takes pays for being read, the first time', async () => {
    const depth = 240;
    const { first, second } = await twice(`{ ${'... { '.repeat(depth)}__typename${' }'.repeat(depth)} }`);
    expect(costOf(first)).toEqual([19, 19, 981]);
    expect(costOf(second)).toEqual([1, 1, 980]);
  });

  it('runs for all points that there are', async () => {
    const [requested] = costOf((await twice(TYPES)).first);
    expect(codeOf((await twice(TYPES, requested)).first)).toBeUndefined();
    expect(codeOf((await twice(TYPES, requested - 1)).first)).toBe('THROTTLED');
  });

  it('is THROTTLED for what it may cost, and keeps what it took to find that out', async () => {
    const [requested] = costOf((await twice(TYPES)).first);
    const { first, second } = await twice(TYPES, requested - 1);
    expect(costOf(first)).toEqual([REFUSAL, REFUSAL, requested - 1 - REFUSAL]);
    // It is known by now: nothing was done for it.
    expect(codeOf(second)).toBe('THROTTLED');
    expect(costOf(second)).toEqual([0, 0, requested - 1 - REFUSAL]);
  });
});

describe('a known document', () => {
  it('takes points for all that is in its variables, also when they do not fit', async () => {
    const executing = await startExecuting({ tiers });
    const query = 'query ($ids: [ID!]!) { __typename nodes(ids: $ids) { id } }';
    const ask = (count: number, last: unknown) =>
      executing.ask(query, { ids: [...Array.from({ length: count }, () => 'x'), last] });
    await ask(0, 'x');
    const answer = await ask(200_000, null);
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
    expect(costOf(answer).slice(0, 2)).toEqual([200, 200]);
    for (let turn = 0; turn < 4; turn += 1) await ask(200_000, null);
    expect(codeOf(await ask(200_000, null))).toBe('THROTTLED');
    await executing.stop();
  });
});

describe('who has no points left', () => {
  it('is THROTTLED before anybody looks at a document, and at how many are asked for', async () => {
    const executing = await startExecuting({ tiers });
    const known = 'query ($first: Int) { posts(first: $first) { nodes { body tags { id } } } }';
    const dear = (first: number) => executing.ask(known, { first });
    const first = await dear(1_000);
    expect(codeOf(first)).toBe('LIMIT_EXCEEDED');
    await executing.throttle.take(ALICE, costOf(first)[2] - 60);
    expect([codeOf(await dear(1_001)), codeOf(await executing.ask('{ nothing }'))]).toEqual([
      'LIMIT_EXCEEDED',
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    // What is remembered is said for nothing.
    expect(costOf(await dear(1_001))).toEqual([0, 0, 10]);
    expect([codeOf(await dear(1_002)), codeOf(await executing.ask('{ nothingElse }'))]).toEqual([
      'THROTTLED',
      'THROTTLED',
    ]);
    await executing.stop();
  });

  it('and sends what is no document hears so, and is not counted as throttled', async () => {
    const executing = await startExecuting({ tiers });
    await executing.throttle.take({ ...ALICE, tier: 'EDITOR' }, 1_500);
    const throttled: unknown[] = [];
    const stop = signals.throttled.hear((fact) => throttled.push(fact));
    expect(codeOf(await executing.ask('{ a'))).toBe('GRAPHQL_PARSE_FAILED');
    expect(throttled).toEqual([]);
    expect(codeOf(await executing.ask('{ __typename }'))).toBe('THROTTLED');
    expect(throttled).toEqual([{ tier: 'READER', what: 'operation' }]);
    stop();
    await executing.stop();
  });
});

describe('who watches operations', () => {
  it('hears of each what it cost, however it ended', async () => {
    const heard: [name: string, cost: OperationCost | undefined][] = [];
    const executing = await startExecuting({
      tiers,
      plugins: [
        {
          requestDidStart: async () => ({
            willSendResponse: async ({ request: { query = '' }, contextValue: { cost } }) =>
              void heard.push([query, cost]),
          }),
        },
      ],
    });
    const hash = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };
    const queries = ['{ __typename }', '{ __typename }', '{ nothing }', '{ a', TYPES];
    for (const query of queries) await executing.ask(query);
    await executing.run({ extensions: hash });
    await executing.throttle.take(ALICE, executing.throttle.look(ALICE).available);
    await executing.ask('{ __typename }');
    expect(heard.map(([query]) => query)).toEqual([...queries, '', '{ __typename }']);
    expect(heard.map(([, cost]) => cost?.actual)).toEqual([
      1,
      1,
      REFUSAL,
      REFUSAL,
      expect.any(Number) as number,
      0,
      0,
    ]);
    await executing.stop();
  });
});

describe('refused documents empty the bucket', () => {
  const publication = usePublication({ TIDINGS_THROTTLE_READER: '1000/1' });

  const overHttp = async (person: Person) => ({
    ask: (query: string): Promise<Answered> => person.send(query),
    close: async () => undefined,
  });
  const overWebSocket = async ({ accessToken }: Person) => {
    const socket = await connect(publication.app, { accessToken });
    return { ask: (query: string): Promise<Answered> => socket.ask(query), close: () => socket.close() };
  };

  it.each([
    ['HTTP', overHttp],
    ['a WebSocket', overWebSocket],
  ])('over %s, and then nothing else runs', async (_, open) => {
    const person = await createPerson(publication);
    const { ask, close } = await open(person);
    const codes: unknown[] = [];
    for (let turn = 0; turn < 40; turn += 1) codes.push(codeOf(await ask(`{ nothing${turn} }`)));
    expect(new Set(codes)).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
    expect(codeOf(await ask('query Unseen { __typename }'))).toBe('THROTTLED');
    expect(codeOf(await ask('{ nothing }'))).toBe('THROTTLED');
    await close();
  });
});
