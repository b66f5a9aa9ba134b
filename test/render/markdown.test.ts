import { describe, expect, it } from 'vitest';
import { renderBodyNow } from '../../src/render/body.js';

const html = (markdown: string) => renderBodyNow(markdown, 'MARKDOWN').html.trim();
const REL = 'rel="nofollow ugc noopener"';

describe('Markdown', () => {
  it('has tables whose columns stay aligned without a style', () => {
    expect(html('| a | b |\n|---|--:|\n| 1 | 2 |')).toContain('<td>1</td>\n<td align="right">2</td>');
  });

  it('has strikethrough', () => {
    expect(html('~~old~~ new')).toBe('<p><s>old</s> new</p>');
  });

  it('has task lists that nobody can tick', () => {
    expect(html('- [x] **done**\n- [ ] open\n- [ ]tight\n\n[ ] no item')).toBe(
      '<ul>\n<li><input type="checkbox" disabled checked /> <strong>done</strong></li>\n' +
        '<li><input type="checkbox" disabled /> open</li>\n<li>[ ]tight</li>\n</ul>\n<p>[ ] no item</p>',
    );
  });

  it('links what starts with http, https or www, and mail addresses', () => {
    expect(html('See https://a.example/b?c=1&d=2, (www.b.example/c) or me@c.example.')).toBe(
      `<p>See <a href="https://a.example/b?c=1&amp;d=2" ${REL}>https://a.example/b?c=1&amp;d=2</a>, ` +
        `(<a href="http://www.b.example/c" ${REL}>www.b.example/c</a>) or ` +
        `<a href="mailto:me@c.example" ${REL}>me@c.example</a>.</p>`,
    );
  });

  it.each([
    'main.rs',
    'node.sh',
    'README.md',
    '//comment.example',
    'ftp://a.example/b',
    'www.',
    'awww.b.com',
  ])('links no file name and no other scheme: %s', (text) => {
    expect(html(text)).toBe(`<p>${text}</p>`);
  });

  it('names the language of fenced code and escapes it', () => {
    expect(html('```c++ hl=1\na<b>&c\n```')).toBe(
      '<pre><code class="language-c++">a&lt;b&gt;&amp;c\n</code></pre>',
    );
  });

  it('passes harmless HTML with Markdown inside', () => {
    expect(html('<details>\n<summary>More</summary>\n\n*text*\n\n</details>')).toBe(
      '<details>\n<summary>More</summary>\n<p><em>text</em></p>\n</details>',
    );
  });

  it('expands a reference no further than ten times the source', () => {
    const source = `[a]: <${'x'.repeat(50_000)}>\n\n${'[a] '.repeat(12_500)}`;
    expect(html(source).length).toBeLessThan(20 * source.length);
  });

  it('keeps every link of an ordinary body', () => {
    expect(html('[a](/b "t") '.repeat(1_000)).match(/href="\/b" title="t"/g)).toHaveLength(1_000);
  });
});

describe('MDX', () => {
  const mdx = (source: string) => renderBodyNow(source, 'MDX').html.trim();

  it('drops import and export statements, but not sentences and not code', () => {
    const source = [
      "import A from './a'",
      "import {\n  b,\n} from 'b'",
      "export const meta = {\n  title: '}',\n\n  n: [1],\n}",
      '',
      'import of goods, export of ideas',
      '',
      "```js\nimport a from 'a'\n```",
    ].join('\n');
    expect(mdx(source)).toBe(
      '<p>import of goods, export of ideas</p>\n<pre><code class="language-js">import a from \'a\'\n</code></pre>',
    );
  });

  it('drops comments', () => {
    expect(mdx("## Don't {/*don't*/}\n\n{/* a\n\n<b>b */}\nc")).toBe("<h2>Don't</h2>\n<p>c</p>");
  });

  it('drops the tags of components and fragments and keeps their text', () => {
    expect(
      mdx(
        '<Intro x={() => a > b} {...rest}>\n\nHello <Ui.B>*you*</Ui.B><>!</>\n\n</Intro>\n<Video src="x" />',
      ),
    ).toBe('<p>Hello <em>you</em>!</p>');
  });

  it('keeps HTML tags without the attributes that are expressions', () => {
    expect(
      mdx('<div style={{color: "red"}} className="x">\n<img src="a.png" alt={alt} /><span />\n</div>'),
    ).toBe('<div>\n<img src="a.png" loading="lazy" /><span></span>\n</div>');
  });

  it('unwraps strings, which are no Markdown, and shows other expressions as they were typed', () => {
    expect(mdx("a{' '}b {'<*c*>'} {count + 1} \\{d}")).toBe('<p>a b &lt;*c*&gt; {count + 1} {d}</p>');
  });

  it('leaves code spans and fences alone', () => {
    expect(mdx('`<A b={c}>` {`x`}\n\n~~~\n{/* kept */} <A>\n~~~')).toBe(
      '<p><code>&lt;A b={c}&gt;</code> x</p>\n<pre><code>{/* kept */} &lt;A&gt;\n</code></pre>',
    );
  });

  it('takes indented children of components for text and not for code', () => {
    expect(mdx('<Note>\n\n    indented\n\n</Note>')).toBe('<p>indented</p>');
  });

  it('shows what is no JSX: comparisons, unclosed braces, links in angle brackets', () => {
    expect(mdx('1 < 2 { a <https://b.example/>')).toBe(
      `<p>1 &lt; 2 { a <a href="https://b.example/" ${REL}>https://b.example/</a></p>`,
    );
  });
});
