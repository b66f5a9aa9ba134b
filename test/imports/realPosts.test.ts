import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { slugify } from '../../src/lib/text.js';
import { startTestApp, type TestApp } from '../kit/app.js';
import { hasSharedData, needsSharedData, realDatabaseUrl } from '../kit/database.js';
import { ids, type PostRecord, read } from './realRecords.js';

/** A post as the API answers it. */
interface PostAnswer {
  readonly id: string;
  readonly externalId: string;
  readonly slug: string;
  readonly title: string;
  readonly language: string;
  readonly version: number;
  readonly body: string;
  readonly bodyHtml: string;
  readonly excerpt: string;
  readonly authors: readonly { readonly name: string }[];
  readonly tags: readonly { readonly slug: string; readonly name: string }[];
  readonly translations: readonly { readonly externalId: string; readonly language: string }[];
}

describe.runIf(hasSharedData)(`the posts of the real publication, imported,${needsSharedData}`, () => {
  let app: TestApp;
  let sql: postgres.Sql;
  const posts: PostRecord[] = [];
  beforeAll(async () => {
    const url = await realDatabaseUrl();
    app = await startTestApp({ DATABASE_URL: url });
    sql = postgres(url, { max: 1, onnotice: () => undefined });
    posts.push(...read('posts'));
  });
  afterAll(async () => {
    await app.stop();
    await sql.end();
  });

  const postOf = async (externalId: string): Promise<PostAnswer> => {
    const { post } = await app.query<{ post: PostAnswer }>(
      `query ($externalId: String!) { post(by: { externalId: $externalId }) {
        id externalId slug title language version body bodyHtml excerpt
        authors { name } tags { slug name } translations { externalId language }
      } }`,
      { externalId },
    );
    return post;
  };
  const recordOf = (match: (post: PostRecord) => boolean): PostRecord => {
    const found = posts.find(match);
    if (found === undefined) throw new Error('The real data holds no such post any more');
    return found;
  };

  it('gives each of the 11 posts named project-director-update a slug of its own', async () => {
    const namesakes = posts.filter(({ slug }) => slug === 'project-director-update');
    expect(namesakes).toHaveLength(11);
    const slugs = await Promise.all(namesakes.map(async ({ id }) => (await postOf(id)).slug));
    expect(slugs[0]).toBe('project-director-update');
    expect(new Set(slugs.slice(1))).toEqual(
      new Set(namesakes.slice(1).map((_, place) => `project-director-update-${place + 2}`)),
    );
  });

  it('makes one tag of spellings that differ in case only: all 47 of them', async () => {
    const spellings = new Map<string, Set<string>>();
    for (const tag of posts.flatMap((post) => post.tags)) {
      spellings.set(tag.toLowerCase(), (spellings.get(tag.toLowerCase()) ?? new Set()).add(tag));
    }
    const several = [...spellings.values()].filter((names) => names.size > 1);
    expect(several).toHaveLength(47);
    for (const names of several) {
      const slugs = new Set([...names].map((name) => slugify(name)));
      expect(slugs.size).toBe(1);
      const [tag] = await sql`select name from tags where slug = ${[...slugs][0] ?? ''}`;
      // In the spelling met first; `open-source` is the same address as well.
      expect([...names].map((name) => slugify(name))).toContain(slugify(String(tag?.['name'])));
    }
  });

  it('keeps tags in other scripts, and all 23 tags of one post in their order', async () => {
    const foreign = recordOf((post) => post.tags.includes('性能优化'));
    expect((await postOf(foreign.id)).tags).toContainEqual({ slug: '性能优化', name: '性能优化' });
    const many = recordOf((post) => post.tags.length === 23);
    const expected = [...new Set(many.tags.map((tag) => slugify(tag)))];
    expect((await postOf(many.id)).tags.map((tag) => tag.slug)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(20);
  });

  it('keeps posts without author, and by-lines of up to 13 in their order', async () => {
    const names = new Map(read('authors').map((author) => [author.id, author.name]));
    expect((await postOf(recordOf((post) => post.author_ids.length === 0).id)).authors).toEqual([]);
    const crowd = recordOf((post) => post.author_ids.length === 13);
    expect((await postOf(crowd.id)).authors.map((author) => author.name)).toEqual(
      crowd.author_ids.map((id) => names.get(id)),
    );
    const byLines = await sql`select posts.external_id as id,
      array_agg(users.external_id order by position) as authors
      from posts join post_authors on post_id = posts.id join users on users.id = user_id group by posts.id`;
    expect(new Map(byLines.map((row) => [row['id'], row['authors']]))).toEqual(
      new Map(posts.filter((post) => post.author_ids.length > 0).map((post) => [post.id, post.author_ids])),
    );
  });

  it('keeps the 218 posts without a body, and makes a title of the slug for the 2 without one', async () => {
    const empty = posts.filter((post) => post.body === '');
    expect(empty).toHaveLength(218);
    expect(await postOf(empty[0]?.id ?? '')).toMatchObject({ body: '', bodyHtml: '', excerpt: '' });
    expect(
      await sql`select count(*)::int from posts where body = '' and external_id = any(${ids(empty)})`,
    ).toEqual([{ count: 218 }]);
    const untitled = posts.filter((post) => (post.title ?? '').trim() === '');
    expect(untitled.map((post) => post.slug).toSorted()).toEqual(['atmos-ocean-launch', 'example']);
    expect((await postOf(recordOf((post) => post.slug === 'atmos-ocean-launch').id)).title).toBe(
      'atmos ocean launch',
    );
  });

  it('decodes the HTML entities in titles', async () => {
    const titled = recordOf((post) => post.title === 'Design Patterns Isn&#8217;t a Golden Hammer');
    expect((await postOf(titled.id)).title).toBe('Design Patterns Isn’t a Golden Hammer');
    const tagged = recordOf((post) => (post.title ?? '').includes('&lt;/bush&gt;'));
    expect((await postOf(tagged.id)).title).toContain('</bush>');
    expect(await sql`select title from posts where title ~ '&(#[0-9]+|quot|amp|lt|gt|rsquo);'`).toEqual([]);
  });

  it('keeps the longest body whole, and renders it', async () => {
    const longest = recordOf((post) => post.slug === '10-lts-to-12-lts');
    const { body, bodyHtml, slug } = await postOf(longest.id);
    expect(body).toHaveLength(850_603);
    expect(body).toBe(longest.body);
    expect(bodyHtml.length).toBeGreaterThan(850_603);
    expect(slug).toBe('10-lts-to-12-lts');
  });

  it.each([
    ['html', 'HTML', 1_396],
    ['mdx', 'MDX', 65],
    ['markdown', 'MARKDOWN', 6_188],
  ])('knows the %s bodies for what they are', async (recorded, stored, count) => {
    expect(posts.filter((post) => post.body_format === recorded)).toHaveLength(count);
    expect(
      await sql`select count(*)::int from posts where body_format = ${stored} and external_id is not null`,
    ).toEqual([{ count }]);
  });

  it.each([
    ['<script', 66],
    ['<iframe', 28],
  ])('shows none of the bodies with %s as such', async (tag, count) => {
    const dangerous = posts.filter((post) => post.body.includes(tag));
    expect(dangerous).toHaveLength(count);
    expect(await sql`select external_id from posts where strpos(lower(body_html), ${tag}) > 0`).toEqual([]);
    const [first] = dangerous;
    expect((await postOf(first?.id ?? '')).body).toBe(first?.body);
  });

  it('groups translations, also where two posts of a group are in one language', async () => {
    const groups = new Map<string, PostRecord[]>();
    for (const post of posts) {
      if (post.translation_group === undefined || post.translation_group === null) continue;
      groups.set(post.translation_group, [...(groups.get(post.translation_group) ?? []), post]);
    }
    expect(groups.size).toBe(103);
    const twins = [...groups.values()].filter(
      (group) => group.filter((post) => post.lang === 'en').length > 1,
    );
    expect(twins.length).toBeGreaterThan(0);
    for (const group of [...twins, [...groups.values()].find((some) => some.length > 2) ?? []]) {
      for (const post of group) {
        const { translations } = await postOf(post.id);
        expect(translations.map((translation) => translation.externalId).toSorted()).toEqual(
          ids(group.filter((other) => other !== post)).toSorted(),
        );
      }
    }
  });

  it('marks the direction in the Arabic and the Persian post', async () => {
    const rightToLeft = posts.filter((post) => post.lang === 'ar' || post.lang === 'fa');
    expect(rightToLeft).toHaveLength(2);
    for (const { id, lang } of rightToLeft) {
      expect(await postOf(id)).toMatchObject({
        language: lang,

        bodyHtml: expect.stringContaining('dir="auto"') as string,
      });
    }
  });
});
