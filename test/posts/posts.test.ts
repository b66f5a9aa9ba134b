import { describe, expect, it } from 'vitest';
import { usePublication } from '../kit/publication.js';

const slugsOf = ({ posts }: { posts: { nodes: { slug: string }[] } }): string[] =>
  posts.nodes.map((post) => post.slug);

describe('posts', () => {
  const publication = usePublication();
  const list = async (args: string): Promise<string[]> =>
    slugsOf(await publication.app.query(`{ posts(first: 100, ${args}) { nodes { slug } } }`));

  it('are found by slug, id and external id, and are the same', async () => {
    const bySlug = await publication.app.query<{ post: { id: string; externalId: string } }>(
      '{ post(by: { slug: "lighthouse-lens" }) { id externalId } }',
    );
    const { id, externalId } = bySlug.post;
    expect(externalId).toBe('demo:post:lighthouse-lens');
    expect(
      await publication.app.query('query ($id: ID) { post(by: { id: $id }) { id externalId } }', { id }),
    ).toEqual(bySlug);
    expect(
      await publication.app.query('query ($e: String) { post(by: { externalId: $e }) { id externalId } }', {
        e: externalId,
      }),
    ).toEqual(bySlug);
  });

  it('list their authors in the order of the by-line, and their tags in the order given', async () => {
    const { post } = await publication.app.query<{
      post: { authors: { name: string }[]; tags: { name: string }[] };
    }>('{ post(by: { slug: "regatta-result-corrected" }) { authors { name } tags { name } } }');
    const [stored] = await publication.sql`
      select array_agg(users.name order by position) as names from post_authors
      join posts on posts.id = post_id join users on users.id = user_id where slug = 'regatta-result-corrected'`;
    expect(post.authors.map((author) => author.name)).toEqual(stored?.['names']);
    expect(post.tags.map((tag) => tag.name)).toEqual(['Regatta', 'Weather']);
  });

  it('name their translations, and not themselves', async () => {
    const { post } = await publication.app.query<{
      post: { translations: { language: string; slug: string }[] };
    }>('{ post(by: { slug: "lighthouse-lens" }) { translations { language slug } } }');
    expect(post.translations).toEqual([
      { language: 'ar', slug: 'lighthouse-lens-ar' },
      { language: 'ja', slug: 'lighthouse-lens-ja' },
    ]);
  });

  it('say which way they run, and mark it in the HTML', async () => {
    const { arabic, english } = await publication.app.query<
      Record<'arabic' | 'english', { direction: string; bodyHtml: string }>
    >(`{ arabic: post(by: { slug: "lighthouse-lens-ar" }) { direction bodyHtml }
         english: post(by: { slug: "lighthouse-lens" }) { direction bodyHtml } }`);
    expect(arabic.direction).toBe('RTL');
    expect(arabic.bodyHtml).toMatch(/dir="(auto|rtl)"/);
    expect(english.direction).toBe('LTR');
    expect(english.bodyHtml).not.toContain('dir=');
  });

  it('filter by tag, author, language, coverage and time, alone and together', async () => {
    expect(await list('filter: { tag: "lighthouse", language: "ja" }')).toEqual(['lighthouse-lens-ja']);
    expect(await list('filter: { tag: "LIGHTHOUSE", language: "ja", hasCoverage: false }')).toEqual([
      'lighthouse-lens-ja',
    ]);
    expect(await list('filter: { tag: "lighthouse", language: "JA" }')).toEqual(['lighthouse-lens-ja']);
    expect(await list('filter: { tag: "lighthouse", hasCoverage: true }')).toEqual([]);
    expect(await list('filter: { hasCoverage: true }')).toHaveLength(1);
    expect(await list('filter: { tag: "no such tag" }')).toEqual([]);
    expect(await list('filter: { author: "no such author" }')).toEqual([]);
    expect(await list('filter: { tag: null, author: null, language: null }')).toEqual(await list(''));
    const all = await publication.app.query<{ posts: { nodes: { slug: string; publishedAt: string }[] } }>(
      '{ posts(first: 100) { nodes { slug publishedAt } } }',
    );
    const moment = all.posts.nodes[6]?.publishedAt ?? '';
    expect(await list(`filter: { publishedAfter: "${moment}" }`)).toEqual(
      all.posts.nodes.slice(0, 7).map((post) => post.slug),
    );
    expect(await list(`filter: { publishedBefore: "${moment}" }`)).toEqual(
      all.posts.nodes.slice(7).map((post) => post.slug),
    );
    expect(await list('orderBy: PUBLISHED_AT_ASC')).toEqual(
      all.posts.nodes.map((post) => post.slug).toReversed(),
    );
    expect(await list('orderBy: null')).toEqual(all.posts.nodes.map((post) => post.slug));
  });

  it('count what a filter lists', async () => {
    for (const filter of [
      'tag: "ferries"',
      'author: "maren-holloway"',
      'hasCoverage: true',
      'language: "ar"',
      'hasCoverage: false',
    ]) {
      const { posts } = await publication.app.query<{ posts: { totalCount: number; nodes: unknown[] } }>(
        `{ posts(first: 100, filter: { ${filter} }) { totalCount nodes { id } } }`,
      );
      expect(posts.totalCount, filter).toBe(posts.nodes.length);
    }
  });

  it('cut an excerpt as long as asked for', async () => {
    const { post } = await publication.app.query<{ post: Record<'short' | 'usual' | 'given', string> }>(
      '{ post(by: { slug: "lamp-night" }) { short: excerpt(length: 20) usual: excerpt given: excerpt(length: null) } }',
    );
    expect(post.short.length).toBeLessThanOrEqual(20);
    expect(post.short.endsWith('…')).toBe(true);
    expect(post.usual.length).toBeLessThanOrEqual(200);
    expect(post.given).toBe(post.usual);
    for (const length of [0, -1, 1001]) {
      const { errors } = await publication.app.send(
        `{ post(by: { slug: "lamp-night" }) { excerpt(length: ${length}) } }`,
      );
      expect(errors?.map((error) => error.extensions.code)).toEqual(['BAD_USER_INPUT']);
    }
  });

  it('end an excerpt of many-part characters with an ellipsis when the body goes on', async () => {
    const { app, sql } = publication;
    const [kept] = await sql`select body_text from posts where slug = 'first-boat-people'`;
    await sql`update posts set body_text = repeat('👨‍👩‍👧‍👦', 1000) where slug = 'first-boat-people'`;
    try {
      const { post } = await app.query<{ post: { excerpt: string } }>(
        '{ post(by: { slug: "first-boat-people" }) { excerpt(length: 1000) } }',
      );
      expect(post.excerpt.endsWith('…')).toBe(true);
      expect(post.excerpt).not.toMatch(/\u200d…$/);
    } finally {
      await sql`update posts set body_text = ${kept?.['body_text'] as string} where slug = 'first-boat-people'`;
    }
  });

  it.each(['DRAFT', 'ARCHIVED', 'SCHEDULED'])(
    'that are %s answer like posts that are not there, on every route',
    async (status) => {
      const { app, sql } = publication;
      const slug = 'ferry-winter-timetable';
      const { post } = await app.query<{
        post: {
          id: string;
          tags: { slug: string }[];
          authors: { username: string }[];
          comments: { nodes: { id: string }[] };
        };
      }>(
        `{ post(by: { slug: "${slug}" }) { id tags { slug } authors { username } comments(first: 1) { nodes { id } } } }`,
      );
      const ids = [post.id, post.comments.nodes[0]?.id].filter((id) => id !== undefined);
      expect(ids).toHaveLength(2);
      const look = () =>
        app.query<Record<string, unknown>>(
          `query ($ids: [ID!]!, $id: ID) {
          bySlug: post(by: { slug: "${slug}" }) { id }
          byId: post(by: { id: $id }) { id }
          byExternalId: post(by: { externalId: "demo:post:${slug}" }) { id }
          nodes(ids: $ids) { id }
          posts(first: 100) { nodes { slug } }
          tagged: posts(first: 100, filter: { tag: "${post.tags[0]?.slug}" }) { nodes { slug } }
          tag(slug: "${post.tags[0]?.slug}") { posts(first: 100) { nodes { slug } } }
          user(by: { username: "${post.authors[0]?.username}" }) { posts(first: 100) { nodes { slug } } }
          translation: post(by: { slug: "${slug}-ar" }) { translations { slug } }
          search(query: "timetable", first: 100) { edges { node { ... on Post { slug } ... on Comment { post { slug } } } } }
        }`,
          { ids, id: post.id },
        );
      expect(JSON.stringify(await look())).toContain(`"${slug}"`);
      const [before] = await sql`select published_at from posts where slug = ${slug}`;
      await sql`update posts set status = ${status} where slug = ${slug}`;
      const hidden = await look();
      await sql`update posts set status = 'PUBLISHED', published_at = ${before?.['published_at'] as Date} where slug = ${slug}`;
      expect(hidden).toMatchObject({ bySlug: null, byId: null, byExternalId: null, nodes: [null, null] });
      expect(JSON.stringify(hidden)).not.toContain(`"${slug}"`);
      expect(JSON.stringify(await look())).toContain(`"${slug}"`);
    },
  );
});
