import { describe, expect, it } from 'vitest';
import { usePublication } from '../kit/publication.js';

describe('reactions', () => {
  const publication = usePublication();

  it('are counted by kind, the most frequent first, on posts, comments and entries', async () => {
    const { app, sql } = publication;
    const [post] = await sql`select id from posts where slug = 'lamp-night'`;
    const [comment] =
      await sql`select comments.id from comments join posts on posts.id = post_id where parent_id is null and slug = 'lighthouse-lens' order by comments.created_at, comments.id limit 1`;
    const [entry] = await sql`select id from coverage_entries order by occurred_at, id limit 1`;
    for (const [column, id] of [
      ['post_id', post?.['id']],
      ['comment_id', comment?.['id']],
      ['entry_id', entry?.['id']],
    ] as const) {
      await sql`insert into reaction_counts (${sql(column)}, kind, count) values (${id as string}, 'LIKE', 2), (${id as string}, 'LOVE', 7), (${id as string}, 'SAD', 0)`;
    }
    const counts = [
      { kind: 'LOVE', count: 7, viewerHasReacted: false },
      { kind: 'LIKE', count: 2, viewerHasReacted: false },
    ];
    const answer = await app.query(`{
      post(by: { slug: "lamp-night" }) { reactions { kind count viewerHasReacted } }
      lens: post(by: { slug: "lighthouse-lens" }) { comments(first: 1) { nodes { reactions { kind count viewerHasReacted } } } }
      posts(filter: { hasCoverage: true }) { nodes { coverage { entries(first: 1) { nodes { reactions { kind count viewerHasReacted } } } } } }
    }`);
    expect(answer).toEqual({
      post: { reactions: counts },
      lens: { comments: { nodes: [{ reactions: counts }] } },
      posts: { nodes: [{ coverage: { entries: { nodes: [{ reactions: counts }] } } }] },
    });
  });

  it('are none where nobody reacted', async () => {
    expect(
      await publication.app.query('{ post(by: { slug: "first-boat-people" }) { reactions { kind } } }'),
    ).toEqual({
      post: { reactions: [] },
    });
  });
});
