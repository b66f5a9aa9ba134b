import { describe, expect, it } from 'vitest';
import { usePublication } from '../kit/publication.js';

describe('users', () => {
  const publication = usePublication();

  it.each(['maren-holloway', 'MAREN-Holloway', 'ｍaren-holloway'])(
    'are found by user name as %s',
    async (username) => {
      const { user } = await publication.app.query<{ user: { name: string; role: string } }>(
        'query ($username: String) { user(by: { username: $username }) { name role } }',
        { username },
      );
      expect(user).toEqual({ name: 'Maren Holloway', role: 'AUTHOR' });
    },
  );

  it('are null when there is none', async () => {
    expect(await publication.app.query('{ user(by: { username: "nobody" }) { id } }')).toEqual({
      user: null,
    });
  });

  it('are named in exactly one way', async () => {
    for (const by of ['{}', '{ id: "x", username: "y" }', '{ id: null }']) {
      const { errors } = await publication.app.send(`{ user(by: ${by}) { id } }`);
      expect(errors?.length, by).toBeGreaterThan(0);
    }
  });

  it('keep their e-mail address from everybody else', async () => {
    await publication.sql`update users set email = 'maren@example.org' where username = 'maren-holloway'`;
    expect(await publication.app.query('{ user(by: { username: "maren-holloway" }) { email } }')).toEqual({
      user: { email: null },
    });
  });

  it('list their published posts, newest first', async () => {
    const { user } = await publication.app.query<{
      user: {
        posts: { totalCount: number; nodes: { publishedAt: string; authors: { username: string }[] }[] };
      };
    }>(
      `{ user(by: { username: "maren-holloway" }) { posts { totalCount nodes { publishedAt authors { username } } } } }`,
    );
    const dates = user.posts.nodes.map((post) => post.publishedAt);
    expect(dates).toEqual(dates.toSorted().toReversed());
    expect(user.posts.totalCount).toBe(dates.length);
    expect(
      user.posts.nodes.every((post) => post.authors.some((author) => author.username === 'maren-holloway')),
    ).toBe(true);
  });

  it('are nobody for an anonymous viewer', async () => {
    expect(await publication.app.query('{ viewer { id } }')).toEqual({ viewer: null });
  });
});
