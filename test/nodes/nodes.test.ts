import { describe, expect, it } from 'vitest';
import { decodeId, encodeId } from '../../src/graphql/globalIds.js';
import { usePublication } from '../kit/publication.js';

interface Typed {
  readonly __typename: string;
  readonly id: string;
}

describe('node and nodes', () => {
  const publication = usePublication();

  const everyType = async (): Promise<Typed[]> => {
    const data = await publication.app.query<{
      posts: { nodes: [Typed & { authors: [Typed]; tags: [Typed] }] };
      covered: { nodes: [{ coverage: Typed & { entries: { nodes: [Typed] } } }] };
      post: { comments: { nodes: [Typed] } };
    }>(`{
      posts(first: 1, filter: { tag: "ferries" }) { nodes { __typename id authors { __typename id } tags { __typename id } } }
      covered: posts(first: 1, filter: { hasCoverage: true }) {
        nodes { coverage { __typename id entries(first: 1) { nodes { __typename id } } } }
      }
      post(by: { slug: "lighthouse-lens" }) { comments(first: 1) { nodes { __typename id } } }
    }`);
    const [post] = data.posts.nodes;
    const { coverage } = data.covered.nodes[0];
    return [
      post,
      post.authors[0],
      post.tags[0],
      coverage,
      coverage.entries.nodes[0],
      data.post.comments.nodes[0],
    ];
  };

  it('fetch every type again by the id it answered', async () => {
    const objects = await everyType();
    expect(objects.map((object) => object.__typename).toSorted()).toEqual(
      ['Comment', 'Coverage', 'CoverageEntry', 'Post', 'Tag', 'User'].toSorted(),
    );
    for (const { __typename, id } of objects) {
      expect(
        await publication.app.query('query ($id: ID!) { node(id: $id) { __typename id } }', { id }),
      ).toEqual({
        node: { __typename, id },
      });
    }
    const { nodes } = await publication.app.query<{ nodes: Typed[] }>(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }',
      { ids: objects.map((object) => object.id) },
    );
    expect(nodes.map((node) => node.id)).toEqual(objects.map((object) => object.id));
  });

  it('answer null for what is not there, is no id, or is an id of another type', async () => {
    const [post] = await everyType();
    const decoded = decodeId(post?.id ?? '');
    const stranger = encodeId('Comment', decoded?.uuid ?? '');
    for (const id of [
      '',
      'nonsense',
      '1',
      stranger,
      encodeId('Post', '00000000-0000-7000-8000-000000000000'),
      `${post?.id}=`,
    ]) {
      expect(await publication.app.query('query ($id: ID!) { node(id: $id) { id } }', { id }), id).toEqual({
        node: null,
      });
    }
    expect(
      await publication.app.query('query ($id: ID!) { user(by: { id: $id }) { id } }', { id: post?.id }),
    ).toEqual({
      user: null,
    });
  });

  it('refuse more than 100 ids', async () => {
    const { errors } = await publication.app.send('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: Array.from({ length: 101 }, () => 'x'),
    });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('a global id', () => {
  it('comes back as what it was', () => {
    const uuid = '01939f5e-7c4a-7b3e-9d1f-2a6b8c0d4e5f';
    expect(decodeId(encodeId('CoverageEntry', uuid))).toEqual({ type: 'CoverageEntry', uuid });
  });

  it('has one spelling only', () => {
    const id = encodeId('Post', '01939f5e-7c4a-7b3e-9d1f-2a6b8c0d4e5f');
    expect(id).toHaveLength(23);
    for (const other of [` ${id}`, `${id}=`, id.slice(0, -1), `${id}A`, id.toLowerCase()]) {
      expect(decodeId(other), other).toBeUndefined();
    }
  });
});
