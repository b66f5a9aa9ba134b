import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderBodyNow } from '../../src/render/body.js';
import { sanitize } from '../../src/render/sanitize.js';
import { unsafeParts } from './unsafe.js';

const VECTORS = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=http://evil.example/x.js></SCRIPT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<<SCRIPT>alert(1);//<</SCRIPT>',
  '<script\n>alert(1)</script\n>',
  '<script/x>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<img src=x onerror\n=alert(1)>',
  '<img/src=x/onerror=alert(1)>',
  '<IMG """><SCRIPT>alert(1)</SCRIPT>">',
  '<img src="x` `<script>alert(1)</script>"` `>',
  '<img src=javascript:alert(1)>',
  '<img srcset="javascript:alert(1) 1x, data:image/svg+xml,<svg/onload=alert(1)> 2x">',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="JaVaScRiPt:alert(1)">x</a>',
  '<a href=" &#14; javascript:alert(1)">x</a>',
  '<a href="jav&#x09;ascript:alert(1)">x</a>',
  '<a href="jav&#10;ascript:alert(1)">x</a>',
  '<a href="&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)">x</a>',
  '<a href="&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)">x</a>',
  '<a href="javascript&colon;alert(1)">x</a>',
  '<a href="\u0001javascript:alert(1)">x</a>',
  '<a href="java<!-- -->script:alert(1)">x</a>',
  '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>',
  '<a href="vbscript:msgbox(1)">x</a>',
  '<a href="x" style="background:url(javascript:alert(1))">x</a>',
  '<a href="x" target="_blank" onclick="alert(1)">x</a>',
  '<div style="width:expression(alert(1))">x</div>',
  '<p id="cookie" name="cookie">x</p>',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
  '<math><mi xlink:href="data:x,<script>alert(1)</script>">x</mi></math>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>',
  '<title><img title="</title><img src=x onerror=alert(1)>"></title>',
  '<xmp><img title="</xmp><img src=x onerror=alert(1)>"></xmp>',
  '<template><script>alert(1)</script></template>',
  '<select><option><style></option></select><img src=x onerror=alert(1)></style>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="javascript:alert(1)"><embed src="javascript:alert(1)"></object>',
  '<form action="javascript:alert(1)"><input type=submit><button formaction="javascript:alert(1)">x</button></form>',
  '<input type="image" src="x" onerror="alert(1)">',
  '<input type=checkbox autofocus onfocus=alert(1)>',
  '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
  '<base href="javascript:alert(1)//"><a href="x">x</a>',
  '<link rel=stylesheet href="javascript:alert(1)">',
  '<body onload=alert(1)><video><source onerror="alert(1)"></video>',
  '<details open ontoggle=alert(1)>x</details>',
  '<marquee onstart=alert(1)>x</marquee>',
  '<blockquote cite="javascript:alert(1)">x</blockquote>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<!--[if gte IE 4]><script>alert(1)</script><![endif]-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<?xml version="1.0"?><script>alert(1)</script>',
  '<a title="&quot;><img src=x onerror=alert(1)>">x</a>',
  '<code class="language-js&quot; onclick=&quot;alert(1)">x</code>',
  '<b <script>alert(1)</script>0',
  '<p title="x\\"onclick=alert(1)//">x</p>',
  '<plaintext><img src=x onerror=alert(1)>',
];

const MARKDOWN_VECTORS = [
  '[x](javascript:alert(1))',
  '[x](<javascript:alert(1)>)',
  '[x](JAVASCRIPT&colon;alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '![x](javascript:alert(1))',
  '![x](x"onerror="alert(1))',
  '[x]: javascript:alert(1)\n\n[x]',
  '<javascript:alert(1)>',
  '```"><script>alert(1)</script>\nx\n```',
  '`<img src=x onerror=alert(1)>`',
  '| <img src=x onerror=alert(1)> |\n|-|\n| [x](vbscript:x) |',
];

describe('sanitize', () => {
  it('is judged by a parser that sees through nearly all of these vectors', () => {
    const seen = VECTORS.filter((vector) => unsafeParts(vector).length > 0);
    expect(seen.length).toBeGreaterThan(VECTORS.length * 0.9);
  });

  it.each(VECTORS)('lets nothing run: %s', (vector) => {
    for (const format of ['HTML', 'MARKDOWN', 'MDX', 'TEXT'] as const) {
      expect(unsafeParts(renderBodyNow(vector, format).html)).toEqual([]);
      expect(unsafeParts(renderBodyNow(`<p>${vector}\n\n</div>`, format).html)).toEqual([]);
    }
  });

  it.each(MARKDOWN_VECTORS)('lets nothing run that Markdown wrote: %s', (vector) => {
    for (const format of ['MARKDOWN', 'MDX', 'TEXT'] as const) {
      expect(unsafeParts(renderBodyNow(vector, format).html)).toEqual([]);
    }
  });

  it('leaves nothing unsafe in any markup soup, and changes nothing the second time', () => {
    const shard = fc.oneof(
      fc.constantFrom(...VECTORS),
      fc.constantFrom(
        ...'< > " \' / = & ; ` - ! <p <p> </p> <svg> </svg> <math> <style> </style>'.split(' '),
      ),
      fc.constantFrom(...'<!-- --> <li> </ul> <table> <td> <input> <a&#32;href= on x= <noscript>'.split(' ')),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
    );
    const soup = fc.array(fc.oneof(shard, fc.string({ maxLength: 3 })), { maxLength: 30 });
    fc.assert(
      fc.property(soup, (shards) => {
        const once = sanitize(shards.join('')) ?? '';
        expect(unsafeParts(once)).toEqual([]);
        expect(sanitize(once)).toBe(once);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps links, and says that their target is not ours', () => {
    expect(sanitize('<a href="/x" rel="author" target="_top">x</a>')).toBe(
      '<a href="/x" rel="nofollow ugc noopener">x</a>',
    );
  });

  it('keeps images with their size and loads them late', () => {
    expect(sanitize('<img src="/a.png" alt="A" title="T" width="1" height="2" class="c" id="i">')).toBe(
      '<img src="/a.png" alt="A" title="T" width="1" height="2" loading="lazy" />',
    );
  });

  it('keeps checkboxes only as disabled ones, and no other input', () => {
    expect(sanitize('<input type="CHECKBOX" checked name="n">, <input type="text" value="v">.')).toBe(
      '<input type="checkbox" disabled checked />, .',
    );
  });

  it('keeps a class only where it names the language of code', () => {
    expect(sanitize('<p class="language-js"><code class="language-c++ hljs">x</code></p>')).toBe(
      '<p><code class="language-c++">x</code></p>',
    );
  });

  it('drops forbidden elements with their script, but keeps what a reader would see', () => {
    expect(sanitize('<video>No video. <b>Sorry</b></video><script>x()</script><style>p{}</style>')).toBe(
      'No video. <b>Sorry</b>',
    );
  });

  it('flattens what is nested deeper than 100 and refuses what is nested deeper than 1,000', () => {
    const nested = (depth: number) => `${'<div>'.repeat(depth)}x${'</div>'.repeat(depth)}`;
    expect(sanitize(nested(100))).toBe(nested(100));
    expect(sanitize(nested(1_000))).toBe(nested(100));
    expect(sanitize(nested(1_001))).toBeUndefined();
  });
});
