import { beforeAll, describe, expect, it } from 'vitest';
import { renderBodyNow, type RenderedBody } from '../../src/render/body.js';
import { directionOf } from '../../src/render/direction.js';
import { hasSharedData, needsSharedData } from '../kit/database.js';
import { sharedHtmlComments, sharedPosts, type SharedBody } from './sharedBodies.js';
import { unsafeParts } from './unsafe.js';

const TIMEOUT_MS = 120_000;
const BIDI_CONTROLS = /[\u202A-\u202E\u2066-\u2069]/;
const RTL_LANGUAGES = new Set(['ar', 'ckb', 'fa', 'he']);

type Rendered = SharedBody & RenderedBody;

describe.skipIf(!hasSharedData)(`real bodies${needsSharedData}`, () => {
  let posts: Rendered[] = [];
  let comments: Rendered[] = [];
  beforeAll(() => {
    posts = sharedPosts().map(rendered);
    comments = sharedHtmlComments().map(rendered);
  }, TIMEOUT_MS);

  it('are safe, all 7,649 posts of them', { timeout: TIMEOUT_MS }, () => {
    expect(posts).toHaveLength(7_649);
    expect(posts.flatMap(problemsOf)).toEqual([]);
  });

  it('are safe, all 2,023 HTML comments of them', { timeout: TIMEOUT_MS }, () => {
    expect(comments).toHaveLength(2_023);
    expect(comments.flatMap(problemsOf)).toEqual([]);
  });

  it('lose no MDX text: statements, comments and component tags go, headings and code stay', () => {
    const mdx = posts.filter(({ format }) => format === 'MDX');
    expect(mdx).toHaveLength(65);
    for (const { source, html } of mdx) {
      expect(html.replace(/<code[\s>][^]*?<\/code>/g, '')).not.toMatch(
        /\{\/\*|&lt;\/?(?:Intro|Note|Sandpack)\b/,
      );
      const headings = source.replace(/^ *```[^]*?^ *```/gm, '').match(/^#{2,4} /gm) ?? [];
      expect(html.match(/<h[234][ >]/g) ?? []).toHaveLength(headings.length);
    }
  });

  it('know their direction: the Arabic and the Persian post, and no other', () => {
    const rtl = posts.filter(({ text }) => directionOf(text) === 'RTL');
    expect(rtl.map(({ lang }) => lang).toSorted()).toEqual(['ar', 'fa']);
    for (const { html } of rtl) expect(html).not.toMatch(/<(?:p|li|h[1-6]|pre)>/);
  });

  it('know their direction: 223 of the 224 Arabic and Kurdish comments, one being a list of Latin names', () => {
    const rtl = comments.filter(({ lang }) => RTL_LANGUAGES.has(lang));
    expect(rtl).toHaveLength(224);
    expect(rtl.filter(({ text }) => directionOf(text) === 'RTL')).toHaveLength(223);
    const others = comments.filter(({ lang }) => !RTL_LANGUAGES.has(lang));
    expect(others.filter(({ text }) => directionOf(text) === 'RTL')).toEqual([]);
  });

  it('have their list items in lists', () => {
    const bare = comments.filter(({ source }) => source.startsWith('<li'));
    expect(bare).toHaveLength(38);
    for (const { source, html } of bare) {
      expect(html).toMatch(/^<ul[ >]/);
      expect(html.match(/<ul[ >]/g)).toHaveLength((source.match(/<ul[ >]/g)?.length ?? 0) + 1);
    }
  });
});

function rendered(body: SharedBody): Rendered {
  return { ...body, ...renderBodyNow(body.source, body.format) };
}

function problemsOf({ id, html, text }: Rendered): string[] {
  const problems = unsafeParts(html);
  if (BIDI_CONTROLS.test(text)) problems.push('bidi control in text');
  return problems.map((problem) => `${id}: ${problem}`);
}
