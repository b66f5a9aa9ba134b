import { describe, expect, it } from 'vitest';
import { usePublication } from '../kit/publication.js';

interface Coverage {
  readonly status: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly entryCount: number;
  readonly entries: {
    readonly totalCount: number;
    readonly nodes: readonly {
      id: string;
      occurredAt: string;
      body: string;
      isKey: boolean;
      speaker: string | null;
      kind: string;
    }[];
  };
  readonly key: { readonly totalCount: number; readonly nodes: readonly { isKey: boolean }[] };
}

describe('a coverage', () => {
  const publication = usePublication();
  const read = async (): Promise<Coverage> =>
    (
      await publication.app.query<{ posts: { nodes: [{ coverage: Coverage }] } }>(`{
        posts(filter: { hasCoverage: true }) { nodes { coverage {
          status startedAt endedAt entryCount
          entries(first: 80) { totalCount nodes { id occurredAt body isKey speaker kind } }
          key: entries(first: 80, keyOnly: true) { totalCount nodes { isKey } }
        } } }
      }`)
    ).posts.nodes[0].coverage;

  it('lists its entries in the order of occurrence', async () => {
    const coverage = await read();
    const times = coverage.entries.nodes.map((entry) => entry.occurredAt);
    expect(times).toHaveLength(40);
    expect(times).toEqual(times.toSorted());
    expect(coverage).toMatchObject({
      status: 'ENDED',
      entryCount: 40,
      startedAt: times[0],
      endedAt: times.at(-1),
    });
  });

  it('has its key entries apart', async () => {
    const { key, entries } = await read();
    expect(key.totalCount).toBe(5);
    expect(key.nodes.every((entry) => entry.isKey)).toBe(true);
    expect(entries.nodes.filter((entry) => entry.isKey)).toHaveLength(5);
  });

  it('has entries without a speaker', async () => {
    const { entries } = await read();
    expect(entries.nodes.some((entry) => entry.kind === 'NOTE' && entry.speaker === null)).toBe(true);
  });

  it('shows nothing of a retracted entry, on any route', async () => {
    const { app, sql } = publication;
    const [first] = (await read()).entries.nodes;
    await sql`update coverage_entries set retracted_at = now() where body = ${first?.body ?? ''}`;
    try {
      expect((await read()).entries.nodes.map((entry) => entry.id)).not.toContain(first?.id);
      const word = first?.body.split(' ').find((one) => /^[A-Za-z]{5,}$/.test(one));
      const answer = await app.query<{ node: unknown; search: { edges: { node: { id?: string } }[] } }>(
        'query ($id: ID!, $q: String!) { node(id: $id) { id } search(query: $q, kinds: [COVERAGE_ENTRY], first: 80) { edges { node { ... on CoverageEntry { id } } } } }',
        { id: first?.id, q: word ?? '' },
      );
      expect(answer.node).toBeNull();
      expect(answer.search.edges.map((edge) => edge.node.id)).not.toContain(first?.id);
    } finally {
      await sql`update coverage_entries set retracted_at = null`;
    }
  });
});
