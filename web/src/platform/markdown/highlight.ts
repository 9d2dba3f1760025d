import type { Element, Root, RootContent, Text } from 'hast';
import { alignText } from './align.ts';

export interface TextRange {
  start: number;
  end: number;
}

type Parent = Root | Element;

/**
 * Wraps the words at [start, end) of the Markdown `source` in `<mark>`, across inline markup and
 * with partial overlaps. The offsets count UTF-16 code units.
 */
export function markRange(tree: Root, source: string, range: TextRange): void {
  if (range.end > range.start) new Walker(source, range).visit(tree, 0, source.length);
}

class Walker {
  readonly source: string;
  readonly #range: TextRange;
  /** Where in the source the last text ended: texts without a position follow it. */
  #cursor = 0;

  constructor(source: string, range: TextRange) {
    this.source = source;
    this.#range = range;
  }

  visit(parent: Parent, from: number, to: number): void {
    const children: RootContent[] = [];
    for (const child of parent.children) {
      const start = child.position?.start.offset ?? Math.max(from, this.#cursor);
      const end = child.position?.end.offset ?? to;
      if (child.type === 'text') children.push(...this.#split(child, start, end));
      else {
        if (child.type === 'element') this.visit(child, start, end);
        children.push(child);
      }
    }
    parent.children = children;
  }

  #split(text: Text, start: number, end: number): (Text | Element)[] {
    if (!text.value.trim()) return [text];
    const map = alignText(this.source, text.value, start, end);
    if (!map) return [text];
    this.#cursor = (map.at(-1) ?? end - 1) + 1;
    const first = map.findIndex((offset) => offset >= this.#range.start);
    if (first === -1) return [text];
    let last = map.findLastIndex((offset) => offset < this.#range.end);
    if (last < first) return [text];
    // Half a surrogate pair must not be cut off.
    if (isHighSurrogate(text.value, last)) last += 1;
    const marked = text.value.slice(first, last + 1);
    if (!marked.trim()) return [text];
    return [
      ...plain(text.value.slice(0, first)),
      {
        type: 'element',
        tagName: 'mark',
        properties: { dataCited: '' },
        children: [{ type: 'text', value: marked }],
      },
      ...plain(text.value.slice(last + 1)),
    ];
  }
}

function plain(value: string): Text[] {
  return value ? [{ type: 'text', value }] : [];
}

function isHighSurrogate(value: string, index: number): boolean {
  const code = value.charCodeAt(index);
  return code >= 0xd800 && code <= 0xdbff;
}
