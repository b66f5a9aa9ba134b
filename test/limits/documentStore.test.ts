import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCosts } from '../../src/limits/cost.js';
import { createDocumentStore, MOST_BYTES } from '../../src/limits/documentStore.js';
import { createSchema } from '../../src/schema.js';
import { type Executing, startExecuting } from './executing.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of the heap, and of texts beside it, once nothing is in use. */
async function heap(): Promise<number> {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    collect();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const PLENTY = { maximum: 1e9, restoreRate: 1e9 };

describe('the documents of an instance', () => {
  let executing: Executing;
  beforeAll(async () => {
    executing = await startExecuting({
      tiers: {
        ANONYMOUS: PLENTY,
        READER: PLENTY,
        AUTHOR: PLENTY,
        MODERATOR: PLENTY,
        EDITOR: PLENTY,
        ADMIN: PLENTY,
        API_TOKEN: PLENTY,
      },
    });
    for (let turn = 0; turn < 500; turn += 1) await executing.ask(`query Warm${turn} { __typename }`);
  });
  afterAll(() => executing.stop());

  /** Bytes that each of so many documents takes once it was answered. */
  const bytesOfEach = async (count: number, text: (turn: number) => string): Promise<number> => {
    const before = await heap();
    for (let turn = 0; turn < count; turn += 1) await executing.ask(text(turn));
    return ((await heap()) - before) / count;
  };

  it('take 5 KB each when they are as small as can be: twice what the parser makes of them', async () => {
    expect(await bytesOfEach(3_000, (turn) => `query Small${turn} { __typename }`)).toBeLessThan(5_000);
  });

  it('take nothing when they were refused', async () => {
    expect(await bytesOfEach(1_000, (turn) => `query No${turn} { nothing${turn} }`)).toBeLessThan(500);
  });

  it('take no more in all than they may', async () => {
    const before = await heap();
    for (let turn = 0; turn < 8_000; turn += 1) await executing.ask(`query Many${turn} { __typename }`);
    expect((await heap()) - before).toBeLessThan(MOST_BYTES);
  });
});

const schema = createSchema();
const many = (count: number, part: (place: number) => string): string =>
  Array.from({ length: count }, (_, place) => part(place)).join(' ');

describe('a document that is kept', () => {
  const PERSON =
    'fragment G on Post { id title authors { ...U } tags { id name } } fragment U on User { id name }';
  const sizes = Array.from({ length: 50 }, (_, n) => ({ n: n + 1 }));
  const conditions = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((bits) =>
    sizes.map(({ n }) => ({ n, a: (bits & 1) > 0, b: (bits & 2) > 0, c: (bits & 4) > 0 })),
  );

  it.each<[string, number, (turn: number) => string, readonly Record<string, unknown>[]]>([
    ['is small', 2_000, (turn) => `query A${turn} { __typename }`, [{}]],
    [
      'has many selections',
      100,
      (turn) => `query A${turn} { ${'...{'.repeat(240)} __typename ${'}'.repeat(240)} }`,
      [{}],
    ],
    [
      'has a long text',
      100,
      (turn) => `query A${turn} { posts(after: "${'→'.repeat(50_000)}") { nodes { id } } }`,
      [{}],
    ],
    [
      'is asked for with many conditions and sizes',
      50,
      (turn) => `query A${turn}($n: Int, $a: Boolean!, $b: Boolean!, $c: Boolean!) {
        a: __typename @include(if: $a) b: __typename @include(if: $b) c: __typename @include(if: $c)
        posts(first: $n) { nodes { ...G } } } ${PERSON}`,
      conditions,
    ],
    [
      'stands for much more than it says',
      50,
      (turn) => `query A${turn}($n: Int) {
        ${many(19, (place) => `a${place}: node(id: "x") { id ...G }`)} posts(first: $n) { nodes { ...G } } } ${PERSON}`,
      sizes,
    ],
  ])('takes no more than is counted for it when it %s', async (_, count, text, variables) => {
    const store = createDocumentStore();
    const costs = createCosts(schema);
    const answer = async (place: number): Promise<number> => {
      const document = parse(text(place));
      await store.set(`hash ${place}`, document);
      for (const one of variables) {
        costs.of({ document, operationName: undefined, variables: one }).actual({});
        store.keep(document, costs.bytesFor(document));
      }
      return store.bytes;
    };
    await answer(count);
    const [heapBefore, bytesBefore] = [await heap(), store.bytes];
    for (let place = 0; place < count; place += 1) await answer(place);
    const grown = store.bytes - bytesBefore;
    expect(grown).toBeGreaterThan(0);
    expect((await heap()) - heapBefore).toBeLessThan(grown);
  });

  it('is found, and one that nobody kept is not', async () => {
    const store = createDocumentStore();
    const [kept, refused] = [parse('{ a }'), parse('{ b }')];
    await store.set('kept', kept);
    await store.set('refused', refused);
    store.keep(kept, 0);
    expect([await store.get('kept'), await store.get('refused')]).toEqual([kept, undefined]);
  });

  it('is forgotten when what is known of it takes too much room', async () => {
    const store = createDocumentStore();
    const document = parse('{ a }');
    await store.set('large', document);
    store.keep(document, 0);
    store.keep(document, MOST_BYTES);
    expect([await store.get('large'), store.bytes]).toEqual([undefined, 0]);
  });

  it('is forgotten for those that are used', async () => {
    const store = createDocumentStore();
    for (let place = 0; place < 100; place += 1) {
      const document = parse(`{ a${place} }`);
      await store.set(String(place), document);
      store.keep(document, 400_000);
      await store.get('0');
    }
    expect(store.bytes).toBeLessThan(MOST_BYTES);
    expect([(await store.get('0')) !== undefined, await store.get('1')]).toEqual([true, undefined]);
  });
});
