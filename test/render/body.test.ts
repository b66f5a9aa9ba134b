import { describe, expect, it } from 'vitest';
import { renderBodyNow } from '../../src/render/body.js';
import { directionOf } from '../../src/render/direction.js';

const html = (source: string) => renderBodyNow(source, 'HTML').html;
const text = (source: string) => renderBodyNow(source, 'HTML').text;

describe('a text body', () => {
  it('shows what was typed: escaped, with its line breaks and paragraphs, http(s) URLs linked', () => {
    expect(renderBodyNow('a <b>\r\n& http://x.example/?a=1&b=2.\n \n\n*c* ftp://d.example', 'TEXT')).toEqual({
      html:
        '<p>a &lt;b&gt;<br />\n&amp; <a href="http://x.example/?a=1&amp;b=2" rel="nofollow ugc noopener">' +
        'http://x.example/?a=1&amp;b=2</a>.</p>\n<p>*c* ftp://d.example</p>',
      text: 'a <b>\n& http://x.example/?a=1&b=2.\n*c* ftp://d.example',
    });
  });
});

describe('list items without a list', () => {
  it('get one, a list per run', () => {
    expect(html('<li>a</li>\n<li>b<ul><li>c</li></ul></li>\n<p>d</p><li>e')).toBe(
      '<ul><li>a</li>\n<li>b<ul><li>c</li></ul></li></ul>\n<p>d</p><ul><li>e</li></ul>',
    );
  });

  it('get one inside another element', () => {
    expect(html('<div><li>a<p><li>b</li></p></li></div>')).toBe(
      '<div><ul><li>a<p><ul><li>b</li></ul></p></li></ul></div>',
    );
  });
});

describe('plain text', () => {
  it('has a line per block, and cells parted by tabs', () => {
    expect(
      text('<h1>A</h1><p>b\n  c<br>d</p><ul><li>e<li>f</ul><table><tr><th>g</th>\n<td>h</td></tr></table>'),
    ).toBe('A\nb c\nd\ne\nf\ng\th');
  });

  it('keeps code as it is', () => {
    expect(text('<p>x</p><pre><code>\n  if (a &lt; b) {\n\n    c();\n  }\n</code></pre><p>y</p>')).toBe(
      'x\n  if (a < b) {\n\n    c();\n  }\ny',
    );
  });

  it('decodes character references once', () => {
    expect(text('<p title="&gt;">&amp;lt; &#8217; &eacute; "&nbsp;"</p>')).toBe('&lt; ’ é " "');
  });

  it('has no control that could turn it around', () => {
    expect(text('<p>a\u202Eb\u2066c&#x202e;d\u200Fe</p>')).toBe('abcd\u200Fe');
  });
});

describe('direction', () => {
  it.each([
    ['Hello', 'LTR'],
    ['', 'LTR'],
    ['123 …', 'LTR'],
    ['日本語', 'LTR'],
    ['שלום עולם', 'RTL'],
    ['مرحبا', 'RTL'],
    ['ܫܠܡܐ', 'RTL'],
    ['ދިވެހި', 'RTL'],
    ['ߒߞߏ', 'RTL'],
    ['𞤀𞤣𞤤𞤢𞤥', 'RTL'],
    ['@Aram: سڵاو لە ھەمووان', 'RTL'],
    ['The word سلام means peace', 'LTR'],
  ] as const)('of %j is %s', (sample, direction) => {
    expect(directionOf(sample)).toBe(direction);
  });

  it('is left out of bodies without right-to-left letters', () => {
    expect(html('<ul><li>a</li></ul><pre>b</pre>')).toBe('<ul><li>a</li></ul><pre>b</pre>');
  });

  it('is found by the browser for blocks of text, and given to blocks of blocks and to code', () => {
    expect(html('<ul><li>سلام <code>x</code></li><li>b</li></ul><pre><code>y</code></pre><p>c</p>')).toBe(
      '<ul dir="rtl"><li dir="auto">سلام <code dir="ltr">x</code></li><li dir="auto">b</li></ul>' +
        '<pre dir="ltr"><code>y</code></pre><p dir="auto">c</p>',
    );
  });

  it('is given to text outside any block', () => {
    expect(html('<b>سلام</b> a')).toBe('<div dir="auto"><b>سلام</b> a</div>');
    expect(html('سلام<p>a</p>')).toBe('<div dir="rtl">سلام<p dir="auto">a</p></div>');
  });
});

describe('hostile bodies', () => {
  const LENGTH = 100_000;
  const repeat = (unit: string) => unit.repeat(LENGTH / unit.length);
  // Quadratic work on 100 KB takes from 10 s to minutes here, linear work at most 0.8 s: the bound tells them apart.
  const BOUND_MS = 5_000;

  const MARKDOWN_UNITS = '[ ![ > * ` < & [a]( | \\ www. http:// a@'.split(' ');
  const HTML_UNITS = '<div> <b>x <p><b> </x> <!-- <li> <td> <svg> <script> <pre> \u05D0<p>'.split(' ');
  const MDX_UNITS = '{ <A{ {/* {" <A>'.split(' ');
  const UNITS_WITH_SPACE = [
    '*a_ ',
    '"a ',
    '- ',
    '\n',
    '\n-',
    '- [ ] a\n',
    '[a]: b\n',
    '# a\n',
    '```\n',
    '<A a="',
  ];
  const STRANGE_UNITS = ['export const a = {\n', '\0', '\uD800'];
  const UNITS = [MARKDOWN_UNITS, HTML_UNITS, MDX_UNITS, UNITS_WITH_SPACE, STRANGE_UNITS].flat();

  it.each(UNITS)('neither crash nor take quadratic time: %j', (unit) => {
    for (const format of ['MARKDOWN', 'HTML', 'MDX', 'TEXT'] as const) {
      const start = performance.now();
      renderBodyNow(repeat(unit), format);
      expect(performance.now() - start).toBeLessThan(BOUND_MS);
    }
  });

  it('keep the text of lists and quotes nested a hundred deep', () => {
    const list = Array.from({ length: 40 }, (_, depth) => `${'  '.repeat(depth)}- item${depth}`).join('\n');
    expect(renderBodyNow(list, 'MARKDOWN').text.split('\n')).toHaveLength(40);
    expect(() => renderBodyNow(`${'> '.repeat(10_000)}a`, 'MARKDOWN')).not.toThrow();
  });

  it('are shown as typed when nested too deep', () => {
    const source = '<div>'.repeat(10_000);
    expect(renderBodyNow(source, 'HTML').text).toBe(source);
  });
});
