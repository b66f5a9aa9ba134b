import { describe, expect, it } from 'vitest';
import { usePublication } from '../kit/publication.js';

describe('tags', () => {
  const publication = usePublication();

  it.each(['tidal-power', 'TIDAL-power'])('are found by slug as %s', async (slug) => {
    expect(
      await publication.app.query('query ($slug: String!) { tag(slug: $slug) { slug name } }', { slug }),
    ).toEqual({
      tag: { slug: 'tidal-power', name: 'Tidal power' },
    });
  });

  it('keep their own script', async () => {
    expect(await publication.app.query('{ tag(slug: "灯台") { name } }')).toEqual({ tag: { name: '灯台' } });
  });

  it('are null when there is none', async () => {
    expect(await publication.app.query('{ tag(slug: "nothing") { name } }')).toEqual({ tag: null });
  });

  it('stand in the order of their slugs', async () => {
    const { tags } = await publication.app.query<{ tags: { totalCount: number; nodes: { slug: string }[] } }>(
      '{ tags(first: 100) { totalCount nodes { slug } } }',
    );
    const slugs = tags.nodes.map((tag) => tag.slug);
    // By code point, whatever the locale of the server.
    expect(slugs).toEqual([...slugs].toSorted());
    expect(tags.totalCount).toBe(slugs.length);
  });

  it('count the published posts that carry them', async () => {
    const { tags } = await publication.app.query<{
      tags: { nodes: { postCount: number; posts: { totalCount: number; nodes: unknown[] } }[] };
    }>('{ tags(first: 50) { nodes { postCount posts(first: 40) { totalCount nodes { id } } } } }');
    expect(tags.nodes.length).toBeGreaterThan(5);
    for (const { postCount, posts } of tags.nodes) {
      expect(postCount).toBe(posts.nodes.length);
      expect(posts.totalCount).toBe(postCount);
    }
  });
});
