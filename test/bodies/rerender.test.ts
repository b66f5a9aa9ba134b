import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseClient, openDatabase } from '../../src/db/client.js';
import { rerenderBodies } from '../../src/modules/bodies/public.js';
import { RENDERER_VERSION } from '../../src/render/body.js';
import { type BodyRenderer, createBodyRenderer } from '../../src/render/pool.js';
import { usePublication } from '../kit/publication.js';

describe('rendering bodies again', () => {
  const publication = usePublication();
  let database: DatabaseClient;
  let renderer: BodyRenderer;
  beforeAll(() => {
    database = openDatabase({ url: publication.url, poolSize: 2, statementTimeout: 0 });
    renderer = createBodyRenderer();
  });
  afterAll(async () => {
    await renderer.close();
    await database.close();
  });

  it('renders what an older renderer rendered, and nothing else', async () => {
    const { sql } = publication;
    const [original] = await sql`select body_html, version from posts where slug = 'lighthouse-lens'`;
    await sql`update posts set body_html = 'old', renderer_version = 0 where slug = 'lighthouse-lens'`;
    await sql`update posts set body_html = 'newer' where slug = 'lamp-night'`;
    await sql`update comments set renderer_version = 0`;
    const counts = await rerenderBodies({ db: database.db, renderer });
    expect(counts).toEqual({ posts: 1, comments: 80, entries: 0 });
    expect(await sql`select body_html, version from posts where slug = 'lighthouse-lens'`).toEqual([
      original,
    ]);
    expect(await sql`select body_html from posts where slug = 'lamp-night'`).toEqual([
      { body_html: 'newer' },
    ]);
    expect(
      await sql`select count(*)::int from comments where renderer_version <> ${RENDERER_VERSION}`,
    ).toEqual([{ count: 0 }]);
    expect(await rerenderBodies({ db: database.db, renderer })).toEqual({
      posts: 0,
      comments: 0,
      entries: 0,
    });
  });

  it('keeps the HTML that came with an imported text', async () => {
    const { sql } = publication;
    await sql`update comments set source_html = '<b>bold</b><script>1</script>', renderer_version = 0
      where id = (select id from comments order by id limit 1)`;
    await rerenderBodies({ db: database.db, renderer });
    const [row] = await sql`select body_html, body_text from comments order by id limit 1`;
    expect(row?.['body_html']).toContain('<b>bold</b>');
    expect(row?.['body_html']).not.toContain('script');
    expect(row?.['body_text']).not.toContain('bold');
  });
});
