import { beforeAll, describe, expect, it } from 'vitest';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { ask, done, refusals } from './changes.js';

describe('the slugs of posts', () => {
  const publication = usePublication();
  let author: Person;
  let other: Person;
  beforeAll(async () => {
    author = await createPerson(publication, 'AUTHOR');
    other = await createPerson(publication, 'AUTHOR');
  });
  const draft = (title: string, more: Record<string, unknown> = {}) =>
    done(author, 'createPost', { title, body: 'Some *text*.', ...more });
  const idOf = async (slug: string): Promise<string | undefined> =>
    (
      await publication.app.query<{ post: { id: string } | null }>(
        'query ($slug: String) { post(by: { slug: $slug }) { id } }',
        { slug },
      )
    ).post?.id;

  it.each([
    ['C++ & C# in the harbour', 'cplusplus-and-csharp-in-the-harbour'],
    ['灯台の夜 2', '灯台の夜-2'],
    ['مواعيد العبّارة', 'مواعيد-العبّارة'],
    ['🦀🦀', 'post'],
    [`${'long '.repeat(50)}end`, 'long-'.repeat(20).slice(0, -1)],
  ])('come from the title, as from %s', async (title, slug) => {
    expect((await draft(title)).slug).toBe(slug);
  });

  it('are numbered when the title repeats, beside each other and beside former ones', async () => {
    const posts = await Promise.all(Array.from({ length: 20 }, () => draft('Fog')));
    expect(posts.map((post) => post.slug).toSorted()).toEqual(
      ['fog', ...Array.from({ length: 19 }, (_, place) => `fog-${place + 2}`)].toSorted(),
    );
    const second = posts.find((post) => post.slug === 'fog-2');
    await done(author, 'updatePost', { id: second?.id, expectedVersion: 1, slug: 'mist' });
    expect((await draft('Fog')).slug).toBe('fog-21');
    expect((await draft('Fog mending')).slug).toBe('fog-mending');
  });

  it('may be given, in any script, when no post has or had them', async () => {
    expect((await draft('Given', { slug: 'v0.10_Ünder~灯台' })).slug).toBe('v0.10_Ünder~灯台');
    const taken = { title: 'Given', body: '', slug: 'v0.10_Ünder~灯台' };
    expect(await ask(other, 'createPost', taken)).toEqual({
      post: null,
      userErrors: [
        {
          code: 'TAKEN',
          field: ['input', 'slug'],
          message: 'Another post has this slug, or had it before. Choose another one.',
        },
      ],
    });
    for (const [slug, refused] of [
      ['', 'INVALID slug'],
      ['-a', 'INVALID slug'],
      ['a b', 'INVALID slug'],
      ['a/b', 'INVALID slug'],
      ['x'.repeat(191), 'TOO_LONG slug'],
      // Three characters each, as they are stored.
      ['\ufb2c'.repeat(190), 'TOO_LONG slug'],
      ['\u3164', 'INVALID slug'],
    ]) {
      expect(await refusals(author, 'createPost', { title: 'Given', body: '', slug }), slug).toEqual([
        refused,
      ]);
    }
  });

  it('lead to their post in whatever normal form they are asked for', async () => {
    const { id, slug } = await draft('Composed', { slug: 'e\u0301te\u0301' });
    expect(slug).toBe('\u00e9t\u00e9');
    await done(author, 'publishPost', { id });
    expect(await idOf('e\u0301te\u0301')).toBe(id);
    expect(await idOf('\u00e9t\u00e9')).toBe(id);
  });

  it('are given to one of many who want the same at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        ask(author, 'createPost', { title: 'Wanted', body: '', slug: 'wanted-by-many' }),
      ),
    );
    expect(answers.map((answer) => answer.userErrors[0]?.code ?? 'MADE').toSorted()).toEqual([
      'MADE',
      ...Array.from({ length: 9 }, () => 'TAKEN'),
    ]);
  });

  it('lead to their post when it has another by now, and can be taken back', async () => {
    const { id } = await draft('Old name');
    await done(author, 'updatePost', { id, expectedVersion: 1, slug: 'new-name' });
    await done(author, 'publishPost', { id });
    const { post } = await publication.app.query<{ post: unknown }>(
      '{ post(by: { slug: "old-name" }) { id slug } }',
    );
    expect(post).toEqual({ id, slug: 'new-name' });
    expect(await idOf('new-name')).toBe(id);
    expect(await refusals(author, 'createPost', { title: 'x', body: '', slug: 'old-name' })).toEqual([
      'TAKEN slug',
    ]);
    const back = await done(author, 'updatePost', { id, expectedVersion: 2, slug: 'old-name' });
    expect(back).toMatchObject({ slug: 'old-name', version: 3 });
    expect(await idOf('new-name')).toBe(id);
  });

  it('are free again when their post is deleted', async () => {
    const { id } = await draft('Short life');
    await ask(author, 'deletePost', { id });
    expect((await draft('Short life')).slug).toBe('short-life');
  });
});
