import { describe, expect, it } from 'vitest';
import { usePublication } from '../kit/publication.js';

describe('a document of more than 1,000 tokens', () => {
  const publication = usePublication();

  it('is refused before anything of it runs, with the limit', async () => {
    const aliases = Array.from({ length: 400 }, (_, place) => `a${place}: tags { totalCount }`).join(' ');
    const statements = await publication.app.statementsOf(async () => {
      const { errors } = await publication.app.send(`{ ${aliases} }`);
      expect(errors?.map((error) => error.extensions.code)).toEqual(['LIMIT_EXCEEDED']);
      expect(errors?.[0]?.message).toContain('1000 tokens');
    });
    expect(statements).toEqual([]);
  });

  it('is what no introspection needs', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    expect(
      await publication.app.query(getIntrospectionQuery({ descriptions: true, oneOf: true })),
    ).toHaveProperty('__schema');
  });
});
