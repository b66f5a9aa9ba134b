import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../kit/app.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { done } from './changes.js';

interface List {
  readonly unpublishedPosts: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly title: string }[];
    readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
  };
}

describe('unpublishedPosts', () => {
  const publication = usePublication();
  let author: Person;
  let other: Person;
  let editor: Person;
  beforeAll(async () => {
    author = await createPerson(publication, 'AUTHOR');
    other = await createPerson(publication, 'AUTHOR');
    editor = await createPerson(publication, 'EDITOR');
    const write = async (who: Person, title: string) =>
      (await done(who, 'createPost', { title, body: '' })).id;
    // One after the other: the list is in the order of the changes.
    await write(author, 'Draft');
    const scheduled = await write(author, 'Scheduled');
    const archived = await write(author, 'Archived');
    const out = await write(author, 'Out');
    await write(other, 'Draft of another');
    await done(author, 'publishPost', { id: scheduled, at: new Date(Date.now() + 86_400_000).toISOString() });
    await done(author, 'publishPost', { id: out });
    await done(author, 'archivePost', { id: archived });
  });
  const list = async (who: Client, args = 'first: 100') =>
    (
      await who.query<List>(
        `{ unpublishedPosts(${args}) { totalCount nodes { title } pageInfo { endCursor hasNextPage } } }`,
      )
    ).unpublishedPosts;
  const titles = async (who: Client, args?: string) =>
    (await list(who, args)).nodes.map(({ title }) => title);

  it("lists an author's own, last changed first", async () => {
    expect(await titles(author)).toEqual(['Archived', 'Scheduled', 'Draft']);
    expect(await titles(other)).toEqual(['Draft of another']);
    expect((await list(author)).totalCount).toBe(3);
  });

  it("lists everybody's for editors", async () => {
    expect(await titles(editor)).toEqual(['Draft of another', 'Archived', 'Scheduled', 'Draft']);
    expect((await list(editor)).totalCount).toBe(4);
  });

  it('lists those with the statuses asked for', async () => {
    expect(await titles(author, 'statuses: [DRAFT, ARCHIVED]')).toEqual(['Archived', 'Draft']);
    expect(await titles(editor, 'statuses: [SCHEDULED]')).toEqual(['Scheduled']);
    expect(await titles(editor, 'statuses: [PUBLISHED]')).toEqual([]);
    expect(await titles(editor, 'statuses: []')).toEqual([]);
    expect((await list(author, 'statuses: [DRAFT]')).totalCount).toBe(1);
  });

  it('pages without a gap', async () => {
    const first = await list(author, 'first: 2');
    expect(first.nodes.map(({ title }) => title)).toEqual(['Archived', 'Scheduled']);
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect(await titles(author, `first: 2, after: "${first.pageInfo.endCursor}"`)).toEqual(['Draft']);
    expect(await titles(author, 'last: 1')).toEqual(['Draft']);
    const { errors } = await other.send(
      `{ unpublishedPosts(first: 2, after: "${first.pageInfo.endCursor}") { nodes { title } } }`,
    );
    expect(errors?.map((error) => error.extensions.code)).toEqual(['CURSOR_INVALID']);
  });

  it('says from where the stream of published posts goes on', async () => {
    const { unpublishedPosts, posts } = await editor.query<
      Record<'unpublishedPosts' | 'posts', { streamCursor: string }>
    >('{ unpublishedPosts { streamCursor } posts { streamCursor } }');
    expect(unpublishedPosts).toEqual(posts);
  });

  it('is refused to everybody else', async () => {
    const codes = async (who: Client) => {
      const { errors } = await who.send('{ unpublishedPosts { totalCount } }');
      return errors?.map((error) => error.extensions.code);
    };
    expect(await codes(publication.app)).toEqual(['UNAUTHENTICATED']);
    expect(await codes(await createPerson(publication, 'READER'))).toEqual(['FORBIDDEN']);
    expect(await codes(await createPerson(publication, 'MODERATOR'))).toEqual(['FORBIDDEN']);
  });
});
