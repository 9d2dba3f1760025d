import { isName, isTitle, withoutHidden, withoutTurns } from '@teambrain/contract/visible.ts';

/** What PostgreSQL and UTF-8 cannot hold is taken out; line ends become `\n`. */
export function clean(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replaceAll('\0', '')
    .replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** One line in NFC without control characters, cut to `most` characters. */
export function lineOf(text: string, most: number): string {
  const line = clean(text)
    .normalize('NFC')
    .replace(/[\p{Cc}\u2028\u2029\uFEFF]+/gu, ' ')
    .trim();
  return partsOfText(line, most)[0] ?? '';
}

/** One line that can name a person or a space, without hidden characters; empty if nothing is left. */
export function nameLine(text: string, most: number): string {
  const name = lineOf(withoutHidden(lineOf(text, most)), most);
  return isName(name) ? name : '';
}

/** One line that can be a title; empty if it would show nothing. */
export function titleLine(text: string, most: number): string {
  const title = lineOf(withoutTurns(text), most);
  return isTitle(title) ? title : '';
}

/** Cuts a text into parts of at most `most` UTF-16 units, at line ends or spaces where possible. */
export function partsOfText(text: string, most: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > most) {
    const head = rest.slice(0, most);
    const space = Math.max(head.lastIndexOf('\n'), head.lastIndexOf(' '));
    let at = space > most / 2 ? space : most;
    if (/[\uD800-\uDBFF]/.test(rest[at - 1] ?? '')) at -= 1;
    parts.push(rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
  if (rest.trim()) parts.push(rest);
  return parts;
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
