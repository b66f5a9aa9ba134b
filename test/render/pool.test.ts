import { afterAll, describe, expect, it, vi } from 'vitest';
import { renderBodyNow } from '../../src/render/body.js';
import { createBodyRenderer, OFF_LOOP_FROM } from '../../src/render/pool.js';

const LONGEST_REAL_BODY = 850_000;
const paragraph = '## Title\n\nSome *text* with a [link](https://a.example/b), `code` and more of it.\n\n';
const longBody = paragraph.repeat(LONGEST_REAL_BODY / paragraph.length);

describe('the body renderer', () => {
  const renderer = createBodyRenderer();
  afterAll(() => renderer.close());

  it('renders a long body off the event loop, with the same result', async () => {
    await renderer.render('a'.repeat(OFF_LOOP_FROM), 'TEXT');
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 5);
    const rendered = await renderer.render(longBody, 'MARKDOWN');
    clearInterval(timer);
    // On the event loop not a single timer fires until the body is done.
    expect(ticks).toBeGreaterThan(5);
    expect(rendered).toEqual(renderBodyNow(longBody, 'MARKDOWN'));
  });

  it('renders a short body at once', async () => {
    expect(await renderer.render('*a*', 'MARKDOWN')).toEqual({ html: '<p><em>a</em></p>\n', text: 'a' });
  });

  it('renders several long bodies at a time', async () => {
    const sources = ['a', 'b', 'c', 'd'].map((letter) => `${letter} `.repeat(OFF_LOOP_FROM));
    const rendered = await Promise.all(sources.map((source) => renderer.render(source, 'TEXT')));
    expect(rendered.map(({ text }) => text.charAt(0))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('starts anew after it was closed', async () => {
    await renderer.close();
    const { text } = await renderer.render(longBody, 'TEXT');
    expect(text).toContain('## Title');
  });

  it('says which body it could not render, and why', async () => {
    vi.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(AbortSignal.abort(new Error('too slow')));
    const failure = renderer.render(longBody, 'HTML');
    await expect(failure).rejects.toThrow(
      `Could not render a body of ${longBody.length} UTF-16 units as HTML`,
    );
    await expect(failure).rejects.toHaveProperty('cause.name', 'AbortError');
  });
});
