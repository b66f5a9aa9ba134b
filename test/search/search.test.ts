import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { startTestApp, type TestApp } from '../kit/app.js';
import { hasSharedData, needsSharedData, realDatabaseUrl } from '../kit/database.js';
import { usePublication } from '../kit/publication.js';

interface Found {
  readonly totalCount: number;
  readonly edges: readonly {
    readonly highlight: string | null;
    readonly node: {
      readonly __typename: string;
      readonly title?: string;
      readonly name?: string;
      readonly externalId?: string;
    };
  }[];
}

const SEARCH = `query ($query: String!, $kinds: [SearchKind!], $first: Int) {
  search(query: $query, kinds: $kinds, first: $first) {
    totalCount
    edges {
      highlight
      node { __typename ... on Post { title externalId } ... on User { name } ... on Tag { name } ... on Comment { externalId } }
    }
  }
}`;

const searchIn = async (app: TestApp, query: string, kinds?: readonly string[], first = 20): Promise<Found> =>
  (await app.query<{ search: Found }>(SEARCH, { query, kinds, first })).search;

describe('search', () => {
  const publication = usePublication();

  it('finds every kind, and only the kinds asked for', async () => {
    const { edges } = await searchIn(publication.app, 'regatta or boat or gus', undefined, 100);
    expect([...new Set(edges.map((edge) => edge.node.__typename))].toSorted()).toEqual([
      'Comment',
      'CoverageEntry',
      'Post',
      'Tag',
      'User',
    ]);
    const tags = await searchIn(publication.app, 'regatta', ['TAG']);
    expect(tags.edges.map((edge) => edge.node.__typename)).toEqual(['Tag']);
    expect(tags.totalCount).toBe(1);
  });

  it('puts a match in the title before one in the text', async () => {
    const { edges } = await searchIn(publication.app, 'ferry', ['POST']);
    expect(edges.length).toBeGreaterThan(1);
    expect(edges[0]?.node.title).toContain('ferry');
  });

  it('finds other forms of an English word, but not in another word', async () => {
    const { totalCount } = await searchIn(publication.app, 'ferries', ['POST']);
    expect(totalCount).toBe((await searchIn(publication.app, 'ferry', ['POST'])).totalCount);
    expect(totalCount).toBeGreaterThan(0);
    expect((await searchIn(publication.app, 'ferr', ['POST'])).totalCount).toBe(0);
  });

  it('ranks 2,000 matches of a kind at most, for a word that is nearly everywhere', async () => {
    await publication.sql`insert into users (id, username, name, role, email)
      select gen_random_uuid(), 'omnipresent-' || n, 'Omnipresent ' || n, 'READER', n || '@omnipresent.example'
      from generate_series(1, 2100) as n`;
    const { edges, totalCount } = await searchIn(publication.app, 'omnipresent', ['USER']);
    expect(totalCount).toBe(2_000);
    expect(edges).toHaveLength(20);
  });

  it('understands quotes, "or" and "-"', async () => {
    const count = async (query: string): Promise<number> =>
      (await searchIn(publication.app, query, ['POST'])).totalCount;
    const [lens, ferry] = [await count('lens'), await count('ferry')];
    expect(await count('lens or ferry')).toBeGreaterThanOrEqual(Math.max(lens, ferry));
    expect(await count('ferry -ferry')).toBe(0);
    expect(await count('"ferry timetable"')).toBeGreaterThan(0);
    expect(await count('"timetable ferry"')).toBe(0);
  });

  it('highlights the matching words and escapes everything else', async () => {
    const { edges } = await searchIn(publication.app, 'ferry', undefined, 100);
    expect(edges.length).toBeGreaterThan(0);
    for (const { highlight } of edges) {
      expect(highlight).toMatch(/<mark>[^<]*<\/mark>/);
      expect(highlight?.replaceAll(/<\/?mark>/g, '')).not.toMatch(/[<>]/);
    }
  });

  it.each(['灯台', '艇庫', 'المنارة', 'من', 'سا'])(
    'finds "%s" anywhere in a text without spaces',
    async (query) => {
      const { edges, totalCount } = await searchIn(publication.app, query);
      expect(totalCount).toBeGreaterThan(0);
      expect(edges.some((edge) => edge.highlight?.includes('<mark>'))).toBe(true);
    },
  );

  it('understands "or", "-" and quotes beside texts without spaces', async () => {
    const count = async (query: string): Promise<number> =>
      (await searchIn(publication.app, query, ['POST'])).totalCount;
    const [lighthouse, ferry, both] = [await count('灯台'), await count('ferry'), await count('灯台 ferry')];
    expect(lighthouse).toBeGreaterThan(0);
    expect(await count('灯台 or ferry')).toBe(lighthouse + ferry - both);
    expect(await count('の -灯台')).toBe((await count('の')) - (await count('の 灯台')));
    expect(await count('灯台 -灯台')).toBe(0);
    expect(await count('-灯台')).toBe(0);
    expect(await count('"灯台"')).toBe(lighthouse);
  });

  it('finds Arabic however vowels and alef are written', async () => {
    const plain = await searchIn(publication.app, 'الى');
    expect((await searchIn(publication.app, 'إِلَى')).totalCount).toBe(plain.totalCount);
  });

  it.each([
    ':*&|!(\'"',
    '',
    '   ',
    '-ferry',
    '<->',
    '&&',
    '\\',
    '%',
    '"',
    'a:*',
    '((((',
    '\u202e',
    '🙂',
    '!'.repeat(500),
  ])('takes %j without an error', async (query) => {
    expect((await publication.app.send(SEARCH, { query })).errors).toBeUndefined();
  });

  it('takes any text without an error', async () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 60 })
      .filter((value) => value.isWellFormed() && !value.includes('\0'));
    await fc.assert(
      fc.asyncProperty(text, async (query) => {
        expect((await publication.app.send(SEARCH, { query })).errors).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  });

  it('refuses a query of more than 500 characters', async () => {
    const { errors } = await publication.app.send(SEARCH, { query: 'x'.repeat(501) });
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(errors?.[0]?.message).toContain('501');
  });
});

describe.runIf(hasSharedData)(`search in the real publication${needsSharedData}`, () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ DATABASE_URL: await realDatabaseUrl() });
  });
  afterAll(() => app.stop());

  it('finds each Chinese and Japanese post by any two neighbours of its title', async () => {
    const posts = ['zh-Hans', 'ja'].flatMap(async (language) => {
      const data = await app.query<{ posts: { nodes: { title: string; externalId: string }[] } }>(
        `{ posts(first: 100, filter: { language: "${language}" }) { nodes { title externalId } } }`,
      );
      return data.posts.nodes;
    });
    const all = (await Promise.all(posts)).flat();
    expect(all.length).toBeGreaterThan(100);
    for (const { title, externalId } of all) {
      const pair = /[\u3041-\u30fa\u4e00-\u9fff]{2}/u.exec(title)?.[0];
      if (pair === undefined) continue;
      let found = false;
      for (let after: string | null = null; !found;) {
        const {
          search,
        }: {
          search: {
            edges: { node: { externalId?: string } }[];
            pageInfo: { hasNextPage: boolean; endCursor: string };
          };
        } = await app.query(
          `query ($query: String!, $after: String) { search(query: $query, kinds: [POST], first: 100, after: $after) {
              edges { node { ... on Post { externalId } } } pageInfo { hasNextPage endCursor } } }`,
          { query: pair, after },
        );
        found = search.edges.some((edge) => edge.node.externalId === externalId);
        if (!search.pageInfo.hasNextPage) break;
        after = search.pageInfo.endCursor;
      }
      expect(found, `${pair} of ${title}`).toBe(true);
    }
  });

  it('finds the Arabic and the Persian post by two letters', async () => {
    for (const [language, query] of [
      ['ar', 'إص'],
      ['fa', 'ری'],
    ] as const) {
      const { posts } = await app.query<{ posts: { nodes: [{ externalId: string }] } }>(
        `{ posts(filter: { language: "${language}" }) { nodes { externalId } } }`,
      );
      const { edges } = await searchIn(app, query, ['POST'], 100);
      expect(edges.map((edge) => edge.node.externalId)).toContain(posts.nodes[0].externalId);
    }
  });
});
