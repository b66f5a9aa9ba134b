/**
 * What no rendered body may contain, judged by parse5: another parser than the sanitiser's, and the one browsers agree with.
 */
import { parseFragment, type DefaultTreeAdapterTypes } from 'parse5';

type Node = DefaultTreeAdapterTypes.ChildNode | DefaultTreeAdapterTypes.DocumentFragment;

const FORBIDDEN_ELEMENTS = new Set(
  (
    'script style iframe frame frameset object embed applet form button select textarea option link meta base svg math ' +
    'template noscript noembed noframes plaintext xmp title audio video source portal marquee dialog'
  ).split(' '),
);
const URL_ATTRIBUTES = new Set(
  'href src cite action formaction data poster background xlink:href ping longdesc manifest'.split(' '),
);
const FORBIDDEN_ATTRIBUTES = new Set('style id name class srcset srcdoc target is slot'.split(' '));

/** Browsers ignore white space and controls in front of a scheme, and tabs and line ends inside it. */
// eslint-disable-next-line no-control-regex
const IGNORED_IN_URLS = /[\u0000-\u0020\u007F-\u009F]/g;

/** Everything unsafe in the HTML, as short descriptions; an empty list when it may be shown. */
export function unsafeParts(html: string): string[] {
  const found: string[] = [];
  const nodes: Node[] = [parseFragment(html)];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if ('childNodes' in node) nodes.push(...node.childNodes);
    if (node.nodeName === '#comment') found.push('<!-- -->');
    if (!('tagName' in node)) continue;
    const { tagName, attrs } = node;
    if (FORBIDDEN_ELEMENTS.has(tagName)) found.push(`<${tagName}>`);
    for (const { name, value } of attrs) {
      if (!isSafeAttribute(tagName, name, value)) found.push(`<${tagName} ${name}="${value.slice(0, 80)}">`);
    }
    const isCheckbox = attrs.some(({ name, value }) => name === 'type' && value === 'checkbox');
    const isDisabled = attrs.some(({ name }) => name === 'disabled');
    if (tagName === 'input' && !(isCheckbox && isDisabled)) found.push('<input>');
  }
  return found;
}

function isSafeAttribute(element: string, name: string, value: string): boolean {
  if (element === 'code' && name === 'class') return /^language-[\w.+#-]+$/.test(value);
  if (name.startsWith('on') || FORBIDDEN_ATTRIBUTES.has(name)) return false;
  if (!URL_ATTRIBUTES.has(name)) return true;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(value.replace(IGNORED_IN_URLS, ''))?.[1]?.toLowerCase();
  return scheme === undefined || ['http', 'https', 'mailto', 'tel'].includes(scheme);
}
