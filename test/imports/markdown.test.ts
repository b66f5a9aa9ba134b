import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp } from '../kit/app.js';
import {
  all,
  createWorkspace,
  type Loaded,
  openWorkspace,
  type Workspace,
  writeFolder,
} from './workspace.js';

const article = (frontMatter: string, body = 'Words.'): string => `---\n${frontMatter}\n---\n${body}`;

const COLUMNS = 'slug, title, summary, language, status, published_at, body, body_format';

const GOOD: readonly (readonly [about: string, path: string, frontMatter: string, expected: object])[] = [
  [
    'the name of the file',
    'a/2026-01-02-tide-tables.md',
    'date: 2026-01-02',
    { slug: 'tide-tables', title: 'tide tables' },
  ],
  [
    'the name of the folder of an index',
    'a/harbour/index.md',
    'date: 2026-01-02',
    { slug: 'harbour', title: 'harbour' },
  ],
  ['a number as title', 'a.md', 'date: 2026-01-02\ntitle: 1.10', { title: '1.10' }],
  ['three dashes in a title', 'a.md', 'title: Wait ---\ndate: 2026-01-02', { title: 'Wait ---' }],
  ['an empty title', 'a.md', 'date: 2026-01-02\ntitle:', { title: 'a' }],
  ['one author, one tag', 'a.md', 'date: 2026-01-02\nauthor: Ann\ntags: one', { title: 'a' }],
  ['MDX', 'a.mdx', 'date: 2026-01-02', { body_format: 'MDX' }],
  ['HTML', 'a.HTML', 'date: 2026-01-02', { body_format: 'HTML' }],
  ['a day', 'a.md', 'date: 2026-01-02', { published_at: new Date('2026-01-02T00:00:00Z') }],
  [
    'a moment of Jekyll',
    'a.md',
    'date: 2026-01-02 03:04:05 +0100',
    { published_at: new Date('2026-01-02T02:04:05Z') },
  ],
  [
    'a moment without zone',
    'a.md',
    'date: 2026-01-02 03:04',
    { published_at: new Date('2026-01-02T03:04:00Z') },
  ],
  ['a draft without date', 'a.md', 'draft: true', { status: 'DRAFT', published_at: null }],
  ['a draft with date', 'a.md', 'draft: true\ndate: 2026-01-02', { status: 'DRAFT', published_at: null }],
  [
    'a date to come',
    'a.md',
    'date: 9998-01-02',
    { status: 'SCHEDULED', published_at: new Date('9998-01-02T00:00:00Z') },
  ],
  ['Windows line ends', 'a.md', 'date: 2026-01-02\r\ntitle: Hello\r', { title: 'Hello', body: 'Words.' }],
];

/** What is wrong, the file, and what is told of it: line and reason. */
const BAD: readonly (readonly [about: string, content: string | Buffer, told: RegExp])[] = [
  ['no date', article('title: x'), /^1: front matter: date is missing; give one, or say `draft: true`$/],
  ['no front matter', '# Read me\n', /^1: front matter: date is missing/],
  ['bad YAML', article('title: x\ndate: 2026-01-01\ntags: [a, b'), /^5: front matter: .*\]/],
  [
    'a date that is none',
    article('title: x\ndate: tomorrow'),
    /^3: front matter: date: "tomorrow" is neither a day/,
  ],
  ['30 February', article('date: 2026-02-30'), /^2: front matter: date: "2026-02-30" is neither/],
  [
    'a draft that may be',
    article('title: x\n\ndraft: maybe'),
    /^4: front matter: draft: is neither true nor false$/,
  ],
  [
    'a language that is none',
    article('date: 2026-01-01\nlang: some kind'),
    /^3: front matter: lang: is not a BCP 47 language tag$/,
  ],
  ['tags that are no list', article('date: 2026-01-01\ntags: { a: b }'), /^3: front matter: tags: /],
  ['a list as front matter', article('- a\n- b'), /^1: front matter: record: /],
  ['a NUL', article('date: 2026-01-01', 'a\0b'), /^1: holds a NUL, which is no text$/],
  ['Latin-1', Buffer.from(article('date: 2026-01-01', 'caf\u00e9'), 'latin1'), /^1: is not UTF-8$/],
];

describe('a folder of Markdown files', () => {
  it('becomes posts with title, date, authors, tags, language and slug', async () => {
    const { load, url } = await createWorkspace();
    const { summary, rejected } = await load({
      'posts/2026/ferry.md': article(
        [
          'title: "The ferry: a history"',
          'date: 2026-05-04T09:30:00+02:00',
          'authors: [Ann Chovy, 山田 花子]',
          'tags: [Ferries, "C++"]',
          'lang: de',
          'slug: ferry-history',
          'description: In short.',
        ].join('\n'),
        'A *boat*.\n',
      ),
    });
    expect(rejected).toEqual([]);
    expect(summary).toEqual({ authors: all('added', 2), posts: all('added', 1) });
    const app = await startTestApp({ DATABASE_URL: url });
    try {
      const { post } = await app.query<{ post: object }>(`{
        post(by: { externalId: "file:posts/2026/ferry.md" }) {
          slug title summary language status publishedAt body bodyHtml version
          authors { username name role }
          tags { slug name }
        }
      }`);
      expect(post).toEqual({
        slug: 'ferry-history',
        title: 'The ferry: a history',
        summary: 'In short.',
        language: 'de',
        status: 'PUBLISHED',
        publishedAt: '2026-05-04T07:30:00.000Z',
        body: 'A *boat*.\n',
        bodyHtml: expect.stringContaining('<em>boat</em>') as string,
        version: 1,
        authors: [
          { username: 'ann-chovy', name: 'Ann Chovy', role: 'AUTHOR' },
          { username: '山田-花子', name: '山田 花子', role: 'AUTHOR' },
        ],
        tags: [
          { slug: 'ferries', name: 'Ferries' },
          { slug: 'cplusplus', name: 'C++' },
        ],
      });
    } finally {
      await app.stop();
    }
  });

  describe('of all sorts', () => {
    let workspace: Workspace;
    let loaded: Loaded;
    beforeAll(async () => {
      workspace = await openWorkspace();
      loaded = await workspace.load(
        Object.fromEntries<string | Buffer>([
          ...GOOD.map(
            ([, path, frontMatter], place) => [`good-${place}/${path}`, article(frontMatter)] as const,
          ),
          ...BAD.map(([, content], place) => [`deep/in/bad-${place}.md`, content] as const),
        ]),
      );
    });
    afterAll(() => workspace.close());

    it.each(
      GOOD.map(([about, path, , expected], place) => ({ about, id: `file:good-${place}/${path}`, expected })),
    )('takes $about', async ({ id, expected }) => {
      expect(await workspace.sql.unsafe(`select ${COLUMNS} from posts where external_id = $1`, [id])).toEqual(
        [expect.objectContaining(expected)],
      );
    });

    it.each(BAD.map(([about, , told], place) => ({ about, place: `deep/in/bad-${place}.md:`, told })))(
      'rejects $about with file, line and reason',
      ({ place, told }) => {
        const rejections = loaded.rejected.filter((rejection) => rejection.startsWith(place));
        expect(rejections.map((rejection) => rejection.slice(place.length))).toEqual([
          expect.stringMatching(told),
        ]);
      },
    );

    it('loads every good one and none of the others', () => {
      expect(loaded.summary['posts']).toEqual({ ...all('added', GOOD.length), rejected: BAD.length });
    });
  });

  it('takes the first heading where there is no title', async () => {
    const { load, sql } = await createWorkspace();
    await load({ 'a.md': article('date: 2026-01-02', 'Intro.\n\n# High water\n') });
    expect(await sql`select title from posts`).toEqual([{ title: 'High water' }]);
  });

  it('loaded again after an edit, an article is a new version of the same post', async () => {
    const { load, sql } = await createWorkspace();
    await load({ 'a.md': article('date: 2026-01-02\ntitle: One'), 'b.md': article('date: 2026-01-02') });
    const { summary } = await load({
      'a.md': article('date: 2026-01-02\ntitle: Two'),
      'b.md': article('date: 2026-01-02'),
    });
    expect(summary['posts']).toEqual({ ...all('changed', 1), unchanged: 1 });
    expect(await sql`select external_id, title, version from posts order by 1`).toEqual([
      { external_id: 'file:a.md', title: 'Two', version: 2 },
      { external_id: 'file:b.md', title: 'b', version: 1 },
    ]);
  });

  it('a draft is not listed, and is once it is none any more', async () => {
    const { load, url } = await createWorkspace();
    const folder = await writeFolder({ 'a.md': article('date: 2026-01-02\ndraft: true') });
    await load(folder);
    const app = await startTestApp({ DATABASE_URL: url });
    const listed = () => app.query('{ posts { totalCount } post(by: { slug: "a" }) { slug } }');
    try {
      expect(await listed()).toEqual({ posts: { totalCount: 0 }, post: null });
      await load({ 'a.md': article('date: 2026-01-02') });
      expect(await listed()).toEqual({ posts: { totalCount: 1 }, post: { slug: 'a' } });
    } finally {
      await app.stop();
    }
  });

  it('articles of one name in several folders get slugs of their own, and an article that goes stays', async () => {
    const { load, sql } = await createWorkspace();
    const folder = await writeFolder({
      'a/news.md': article('date: 2026-01-02'),
      'b/news.md': article('date: 2026-01-02'),
    });
    await load(folder);
    await rm(`${folder}/a`, { recursive: true });
    const { summary } = await load(folder);
    expect(summary['posts']).toEqual(all('unchanged', 1));
    expect(await sql`select external_id, slug from posts order by 1`).toEqual([
      { external_id: 'file:a/news.md', slug: 'news' },
      { external_id: 'file:b/news.md', slug: 'news-2' },
    ]);
  });
});
