import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startTestApp, type TestApp } from '../kit/app.js';
import { hasSharedData, needsSharedData, realDatabaseUrl } from '../kit/database.js';
import { operations, signedInOperations } from '../kit/operations.js';
import { administratorOf } from '../kit/people.js';

/**
 * How many statements each operation may run: one for each level of the data it asks for, and two where a stream cursor
 * wants a snapshot: what begins it, and the heads. A new operation needs an entry,
 * and a change that costs a statement shows here.
 */
const BUDGETS: Record<string, number> = {
  'author-page': 4,
  'authors-of-feed': 4,
  'comment-in-context': 6,
  'coverage-page': 8,
  'coverage-walls': 3,
  coverages: 3,
  'feed-backward': 1,
  'feed-headlines': 1,
  'feed-oldest-first': 1,
  'feed-page': 8,
  'feed-total': 1,
  'introspection-of-a-type': 0,
  'post-by-external-id': 2,
  'post-missing': 1,
  'post-page': 9,
  'post-translations': 2,
  'posts-by-author': 3,
  'posts-by-language': 3,
  'posts-by-tag': 3,
  'posts-by-tag-and-author': 2,
  'posts-in-a-year': 2,
  'posts-without-coverage': 1,
  'reactions-of-feed': 4,
  'search-all': 6,
  'search-chinese': 5,
  'search-entries': 5,
  'search-people-and-tags': 2,
  'tag-index': 3,
  'tag-page': 3,
  'tags-with-posts': 3,
  'thread-flat': 3,
  'thread-latest': 2,
  'thread-top': 6,
  viewer: 0,
};

/** The same for those of an administrator: one more tells who it is. */
const SIGNED_IN_BUDGETS: Record<string, number> = {
  'audit-log': 4,
  'catch-up': 18,
  'moderation-queue': 6,
  'own-feed': 11,
  'own-lists': 11,
  'post-versions': 6,
  'thread-as-moderator': 6,
  'unpublished-posts': 4,
};

describe.runIf(hasSharedData)(`statement budgets${needsSharedData}`, () => {
  let app: TestApp;
  let administrator: Client;
  beforeAll(async () => {
    app = await startTestApp({ DATABASE_URL: await realDatabaseUrl(), TIDINGS_MAX_COST: '100000' });
    administrator = await administratorOf(app);
  });
  afterAll(() => app.stop());

  it('hold an entry for every operation and for no other', () => {
    expect(Object.keys(BUDGETS).toSorted()).toEqual([...operations.keys()].toSorted());
    expect(Object.keys(SIGNED_IN_BUDGETS).toSorted()).toEqual([...signedInOperations.keys()].toSorted());
  });

  /** The names of the statements that an operation runs, at whatever page size. */
  const namesOf = async (client: Client, query: string): Promise<string[]> => {
    const small = await app.statementsOf(() => client.query(query, { first: 20 }));
    const large = await app.statementsOf(() => client.query(query, { first: 100 }));
    expect(large.map((statement) => statement.name ?? '').toSorted()).toEqual(
      small.map((statement) => statement.name ?? '').toSorted(),
    );
    return small.map((statement) => statement.name ?? '');
  };

  it.each([...operations])('%s keeps to its budget, whatever the page size', async (name, query) => {
    const names = await namesOf(app, query);
    expect(names.length, names.join()).toBe(BUDGETS[name]);
  });

  it.each([...signedInOperations])(
    '%s of an administrator keeps to its budget, whatever the page size',
    async (name, query) => {
      const names = await namesOf(administrator, query);
      expect(names.length, names.join()).toBe(SIGNED_IN_BUDGETS[name]);
    },
  );
});
