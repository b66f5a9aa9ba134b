import { describe, expect, it } from 'vitest';
import { usePublication } from '../kit/publication.js';

interface CommentParts {
  readonly id: string;
  readonly externalId: string;
  readonly depth: number;
  readonly replyCount: number;
  readonly parent: { readonly id: string } | null;
}

const PARTS = 'id externalId depth replyCount parent { id }';

describe('comments', () => {
  const publication = usePublication();
  const slug = 'tidal-pilot-hundred-days';
  const flat = async (): Promise<CommentParts[]> =>
    (
      await publication.app.query<{ post: { comments: { nodes: CommentParts[] } } }>(
        `{ post(by: { slug: "${slug}" }) { comments(first: 100, topLevelOnly: false) { nodes { ${PARTS} } } } }`,
      )
    ).post.comments.nodes;

  it('form the same threads nested and flat', async () => {
    const all = await flat();
    const byId = new Map(all.map((comment) => [comment.id, comment]));
    const deepest = all.toSorted((one, other) => other.depth - one.depth)[0];
    expect(deepest?.depth).toBe(8);
    for (const comment of all) {
      const parent = comment.parent && byId.get(comment.parent.id);
      expect(comment.depth).toBe(parent ? parent.depth + 1 : 0);
      expect(comment.replyCount).toBe(all.filter((other) => other.parent?.id === comment.id).length);
    }
    const { post } = await publication.app.query<{
      post: { commentCount: number; comments: { totalCount: number; nodes: { id: string }[] } };
    }>(`{ post(by: { slug: "${slug}" }) { commentCount comments(first: 100) { totalCount nodes { id } } } }`);
    expect(post.commentCount).toBe(all.length);
    const roots = all.filter((comment) => comment.depth === 0).map((comment) => comment.id);
    expect(post.comments.nodes.map((comment) => comment.id)).toEqual(roots);
    expect(post.comments.totalCount).toBe(roots.length);
  });

  it('know what stands above them, from the top level down', async () => {
    const all = await flat();
    const deepest = all.find((comment) => comment.depth === 8);
    const { node } = await publication.app.query<{
      node: { ancestors: { id: string; depth: number }[]; parent: { id: string } };
    }>('query ($id: ID!) { node(id: $id) { ... on Comment { ancestors { id depth } parent { id } } } }', {
      id: deepest?.id,
    });
    expect(node.ancestors.map((comment) => comment.depth)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(node.ancestors.at(-1)?.id).toBe(node.parent.id);
  });

  it.each(['PENDING', 'HIDDEN', 'DELETED'])(
    'that are %s and hold no place answer like comments that are not there',
    async (state) => {
      const { app, sql } = publication;
      const leaf = (await flat()).find((comment) => comment.replyCount === 0 && comment.depth > 0);
      await sql`update comments set state = ${state} where external_id = ${leaf?.externalId ?? ''}`;
      try {
        const answer = await app.query<{ node: unknown; parent: { replies: { nodes: { id: string }[] } } }>(
          `query ($id: ID!, $parent: ID!) {
          node(id: $id) { id }
          parent: node(id: $parent) { ... on Comment { replies(first: 100) { nodes { id } } } }
        }`,
          { id: leaf?.id, parent: leaf?.parent?.id },
        );
        expect(answer.node).toBeNull();
        expect(answer.parent.replies.nodes.map((reply) => reply.id)).not.toContain(leaf?.id);
        expect((await flat()).map((comment) => comment.id)).not.toContain(leaf?.id);
      } finally {
        await sql`update comments set state = 'VISIBLE' where external_id = ${leaf?.externalId ?? ''}`;
      }
    },
  );

  it('that are deleted but answered stay as an empty place, whatever the row still holds', async () => {
    const { app, sql } = publication;
    const answered = (await flat()).find((comment) => comment.replyCount > 0 && comment.depth === 0);
    await sql`update comments set state = 'DELETED' where external_id = ${answered?.externalId ?? ''}`;
    try {
      const { node } = await app.query<{ node: Record<string, unknown> }>(
        'query ($id: ID!) { node(id: $id) { ... on Comment { state body bodyHtml author { id } replyCount } } }',
        { id: answered?.id },
      );
      expect(node).toMatchObject({ state: 'DELETED', body: '', bodyHtml: '', author: null });
      const { post } = await app.query<{ post: { comments: { nodes: Record<string, unknown>[] } } }>(
        `{ post(by: { slug: "${slug}" }) { comments(first: 30, topLevelOnly: false) { nodes { id state body author { id } parent { body } ancestors { body } } } } }`,
      );
      const place = post.comments.nodes.find((comment) => comment['id'] === answered?.id);
      expect(place).toMatchObject({ state: 'DELETED', body: '', author: null });
      const below = post.comments.nodes.filter(
        (comment) => (comment['ancestors'] as { body: string }[])[0]?.body === '',
      );
      expect(below.length).toBeGreaterThan(0);
    } finally {
      await sql`update comments set state = 'VISIBLE' where external_id = ${answered?.externalId ?? ''}`;
    }
  });
});
