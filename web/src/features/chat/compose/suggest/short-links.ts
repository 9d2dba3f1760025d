/**
 * Links in a box that people write in are shown by their labels: `@Ada` in the place of
 * `[@Ada](/people/<id>)`. The text itself keeps them whole. Who changes a label makes words of it.
 */

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const LINK = new RegExp(
  `\\[((?:\\\\.|[^\\[\\]\\\\\\n]){1,400})\\]\\(/(?:people/${UUID}|groups/${UUID}|s/${UUID}(?:/members|/e/${UUID}|\\?message=${UUID})?)\\)`,
  'gi',
);

export interface Short {
  shown: string;
  /** Where a label is shown, and the link that it is of. */
  links: readonly { start: number; end: number; text: string }[];
}

/** A text as its box shows it. */
export function shorten(text: string): Short {
  if (!text.includes('](/')) return { shown: text, links: [] };
  const links: { start: number; end: number; text: string }[] = [];
  let shown = '';
  let from = 0;
  for (const { 0: link, 1: label = '', index } of text.matchAll(LINK)) {
    shown += text.slice(from, index);
    const start = shown.length;
    shown += label.replace(/\\(.)/g, '$1');
    links.push({ start, end: shown.length, text: link });
    from = index + link.length;
  }
  return { shown: shown + text.slice(from), links };
}

/** The text after its box was changed: links on both sides of the change are what they were. */
export function lengthen(before: Short, next: string): string {
  const { shown } = before;
  const most = Math.min(shown.length, next.length);
  let start = 0;
  while (start < most && shown[start] === next[start]) start++;
  let end = 0;
  while (end < most - start && shown[shown.length - 1 - end] === next[next.length - 1 - end]) end++;
  const tail = shown.length - end;
  return (
    whole(before, 0, start) +
    next.slice(start, next.length - end) +
    whole(before, tail, shown.length)
  );
}

/** The text in the place of a part that is shown, with another text instead. */
export function replaceShown(before: Short, start: number, end: number, text: string): string {
  return whole(before, 0, start) + text + whole(before, end, before.shown.length);
}

/** A part of what is shown, with those links whole that lie in it. */
export function whole({ shown, links }: Short, start: number, end: number): string {
  let text = '';
  let from = start;
  for (const link of links) {
    if (link.start < from || link.end > end) continue;
    text += shown.slice(from, link.start) + link.text;
    from = link.end;
  }
  return text + shown.slice(from, end);
}
