import { randomUUID } from 'node:crypto';
import { beforeAll, expect } from 'vitest';
import { createPerson, type Person } from '../kit/people.js';
import { type Publication, usePublication } from '../kit/publication.js';

export interface Written {
  readonly id: string;
  readonly body: string;
  readonly state: string;
  readonly version: number;
}

export interface Outcome {
  readonly comment: Written | null;
  readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] | null }[];
}

const PAYLOAD = '{ comment { id body state version } userErrors { code field } }';

/** Who writes in a test; there within tests only. */
interface People {
  readonly reader: Person;
  readonly other: Person;
  readonly moderator: Person;
}

/** Posts to write on, people who do, and looks at what is there. Call it at the top of a `describe`. */
export function useDiscussion() {
  const publication: Publication = usePublication();
  let people: People | undefined;
  beforeAll(async () => {
    const [reader, other, moderator] = await Promise.all([
      createPerson(publication),
      createPerson(publication),
      createPerson(publication, 'MODERATOR'),
    ]);
    people = { reader, other, moderator };
  });

  /** A mutation of comments, by its name. */
  const write = async (who: Person, name: string, input: Record<string, unknown>): Promise<Outcome> => {
    const type = `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}Input!`;
    const data = await who.query<Record<string, Outcome>>(
      `mutation ($input: ${type}) { ${name}(input: $input) ${PAYLOAD} }`,
      { input },
    );
    const outcome = data[name];
    if (outcome === undefined) throw new Error(`${name} answered nothing.`);
    return outcome;
  };

  /** A published post of the test's own. */
  const createPost = async (policy = 'OPEN', status = 'PUBLISHED'): Promise<{ id: string; slug: string }> => {
    const slug = `post-${randomUUID()}`;
    await publication.sql`insert into posts (id, slug, title, language, status, published_at, body, body_format, body_html, body_text, renderer_version, comment_policy)
      values (${randomUUID()}, ${slug}, 'A post', 'en', 'PUBLISHED', now(), '', 'MARKDOWN', '', '', 1, ${policy})`;
    const { post } = await publication.app.query<{ post: { id: string } }>(
      'query ($slug: String) { post(by: { slug: $slug }) { id } }',
      { slug },
    );
    if (status !== 'PUBLISHED')
      await publication.sql`update posts set status = ${status} where slug = ${slug}`;
    return { id: post.id, slug };
  };

  const comment = async (
    who: Person,
    postId: string,
    body = 'A comment',
    parentId: string | null = null,
  ): Promise<Written> => {
    const { comment: written, userErrors } = await write(who, 'addComment', { postId, parentId, body });
    if (written === null) throw new Error(JSON.stringify(userErrors));
    return written;
  };

  /** What a viewer finds: bodies in the flat list, and the counters beside it. */
  const look = async (who: Pick<Person, 'query'>, postId: string) => {
    const { post } = await who.query<{
      post: {
        commentCount: number;
        comments: {
          totalCount: number;
          nodes: { id: string; body: string; state: string; replyCount: number }[];
        };
      };
    }>(
      'query ($id: ID) { post(by: { id: $id }) { commentCount comments(first: 100, topLevelOnly: false) { totalCount nodes { id body state replyCount } } } }',
      { id: postId },
    );
    expect(post.comments.totalCount).toBe(post.comments.nodes.length);
    return {
      count: post.commentCount,
      bodies: post.comments.nodes.map((node) => node.body),
      nodes: post.comments.nodes,
    };
  };

  const typesOf = async (postId: string): Promise<string[]> => {
    const rows = await publication.sql<{ type: string }[]>`
      select type from events where payload ->> 'postId' = (select id::text from posts where slug = ${postId}) and topic like '%:comments' order by seq`;
    return rows.map((row) => row.type);
  };

  return {
    publication,
    /** Two readers and a moderator. */
    people: (): People => {
      if (people === undefined) throw new Error('The people are there within tests only.');
      return people;
    },
    write,
    createPost,
    comment,
    look,
    typesOf,
  };
}
