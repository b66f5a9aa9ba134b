/**
 * List items that have lost their list. 38 of the 2,023 real wiki comments start with a bare `<li>`, because the reply
 * was cut out of a list; such an item is no list to a screen reader, and its bullet falls outside the page.
 */

const ANOTHER_ITEM = /\s*<li[\s>]/y;

/**
 * Puts a `<ul>` around every run of `<li>` that is in no list.
 *
 * @param html output of `sanitize`: every item is closed
 */
export function bareItemsToLists(html: string): string {
  if (!html.includes('<li')) return html;
  const open: ('list' | 'item' | 'bare item')[] = [];
  let isRunOpen = false;
  return html.replace(/<(\/?)(ul|ol|li)(?:\s[^>]*)?>/g, (tag, slash: string, name: string, at: number) => {
    if (slash === '/') {
      if (open.pop() !== 'bare item') return tag;
      ANOTHER_ITEM.lastIndex = at + tag.length;
      isRunOpen = ANOTHER_ITEM.test(html);
      return isRunOpen ? tag : `${tag}</ul>`;
    }
    if (name !== 'li' || open.at(-1) === 'list') {
      open.push(name === 'li' ? 'item' : 'list');
      return tag;
    }
    open.push('bare item');
    const isFirst = !isRunOpen;
    isRunOpen = false;
    return isFirst ? `<ul>${tag}` : tag;
  });
}
