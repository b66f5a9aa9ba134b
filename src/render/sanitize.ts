/**
 * The one policy for HTML that others wrote: what is not named here does not pass.
 */
import sanitizeHtml from 'sanitize-html';
import { DIRECTED_BLOCKS, INLINE, OTHER_BLOCKS } from './elements.js';

/** No id and no name: either would let a body replace a global of the page around it (DOM clobbering). */
const ALLOWED_ATTRIBUTES = {
  '*': ['lang'],
  a: ['href', 'title', 'rel'],
  abbr: ['title'],
  blockquote: ['cite'],
  del: ['datetime'],
  details: ['open'],
  img: ['src', 'alt', 'title', 'width', 'height', 'loading'],
  input: ['type', 'disabled', 'checked'],
  ins: ['datetime'],
  ol: ['start', 'reversed', 'type'],
  q: ['cite'],
  td: ['align', 'colspan', 'rowspan'],
  th: ['align', 'colspan', 'rowspan', 'scope'],
  time: ['datetime'],
};

/** Elements nested deeper than this lose their tags and keep their text; the real bodies reach 16. */
const MAX_SHOWN_DEPTH = 100;

/**
 * Input nested deeper than this is refused as a whole: htmlparser2 keeps its open elements in an array that it shifts at
 * the wrong end, so 1 MB of `<b>x` took 45 s. At 1,000 the shift costs nothing.
 */
const MAX_PARSED_DEPTH = 1_000;

/**
 * What is left of an input that is no checkbox; it is cut out of the result. Renaming the tag to a forbidden one looks
 * simpler, but sanitize-html 2.17.5 then gives the wrong end tag to the next element at that depth.
 */
const REFUSED_INPUT = '<input />';

const ALLOWED_TAGS = new Set([...DIRECTED_BLOCKS, ...OTHER_BLOCKS, ...INLINE]);

const POLICY: sanitizeHtml.IOptions = {
  allowedTags: [...ALLOWED_TAGS],
  allowedAttributes: ALLOWED_ATTRIBUTES,
  allowedClasses: { code: [/^language-[\w.+#-]{1,40}$/] },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['http', 'https'] },
  selfClosing: ['br', 'col', 'hr', 'img', 'input', 'wbr'],
  nestingLimit: MAX_SHOWN_DEPTH,
  // No style attribute passes, so its parser (postcss) is never needed.
  parseStyleAttributes: false,
  transformTags: {
    a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, rel: 'nofollow ugc noopener' } }),
    img: (tagName, attribs) => ({ tagName, attribs: { ...attribs, loading: 'lazy' } }),
    input: (tagName, { type, checked }) => {
      if (type?.toLowerCase() !== 'checkbox') return { tagName, attribs: {} };
      const attribs = { type: 'checkbox', disabled: '' };
      return { tagName, attribs: checked === undefined ? attribs : { ...attribs, checked: '' } };
    },
  },
};

/** Thrown through sanitize-html to stop it; never leaves this file. */
const nestedTooDeep = new Error('HTML is nested too deep');

/**
 * Makes foreign HTML safe to show: well-formed, without script, style, frame, form, event handler, style attribute, id
 * or any URL that is not http(s), mailto, tel or relative. Idempotent.
 *
 * @returns the safe HTML; undefined when the input opens more than 1,000 elements inside each other
 */
export function sanitize(html: string): string | undefined {
  let depth = 0;
  let isReshaped = false;
  const onOpenTag = (name: string) => {
    depth += 1;
    if (depth > MAX_PARSED_DEPTH) throw nestedTooDeep;
    isReshaped ||= depth > MAX_SHOWN_DEPTH || !ALLOWED_TAGS.has(name);
  };
  const onCloseTag = () => {
    depth -= 1;
  };
  try {
    const safe = sanitizeHtml(html, { ...POLICY, onOpenTag, onCloseTag }).replaceAll(REFUSED_INPUT, '');
    // An element that was dropped may have parted two that cannot stand in each other (<p><video><p>): one more pass
    // closes the outer one, as a browser will, and finds nothing left to drop.
    return isReshaped ? sanitize(safe) : safe;
  } catch (error) {
    if (error === nestedTooDeep) return undefined;
    throw error;
  }
}
