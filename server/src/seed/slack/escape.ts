/** Every sign that could be markup escaped; an underscore within a word is none. */
export function escapeAll(text: string): string {
  return text
    .replace(/[\\`*[\]<>~]|&(?=[A-Za-z#])/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_');
}

/**
 * Lines of text whose beginning Markdown would read as a heading, rule, table, list of another look
 * or, after blanks, as code. Blanks that indent are kept as no-break spaces.
 */
export function escapeStarts(text: string): string {
  return text
    .replace(/^[ \t]+(?=\S)/gm, (blanks) => {
      const width = blanks.replaceAll('\t', '    ').length;
      return width > 1 ? '\u00a0'.repeat(width) : '';
    })
    .replace(/^(#{1,6})(?=[ \t]|$)/gm, '\\$1')
    .replace(/^(=+|-{2,})(?=[ \t]*$)/gm, '\\$1')
    .replace(/^(?=[|:-])(?=[^\n]*\|)(?=[^\n]*-)([|: -]+)$/gm, '\\$1')
    .replace(/^\+(?=\s)/gm, '\\+')
    .replace(/^(\d+)\)(?=\s)/gm, '$1\\)')
    .replace(/^(\d{3,})\.(?=\s)/gm, '$1\\.')
    .replace(/^~~~/gm, '\\~~~');
}

/** A text that means nothing but itself, whatever signs are in it. */
export const escapeText = (text: string): string =>
  escapeStarts(escapeAll(text)).replace(/^([-+])(?=\s)|^(\d+)([.)])(?=\s)/gm, '$2\\$1$3');

/** A block of code, whatever is in it. */
export function fenced(code: string): string {
  const longest = Math.max(2, ...(code.match(/`{3,}/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${code.replace(/^\n+|\s+$/g, '')}\n${fence}`;
}

/** Code within a line, whatever is in it. */
export function inlineCode(code: string): string {
  if (!code.includes('`')) return `\`${code}\``;
  const longest = Math.max(...(code.match(/`+/g) ?? []).map((run) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks} ${code} ${ticks}`;
}

/** Markdown as a quotation: every line of it, and nothing behind it. */
export const quoted = (markdown: string): string =>
  markdown
    .split('\n')
    .map((line) => (line.trim() ? `> ${line}` : '>'))
    .join('\n');

const SCHEME = /^(?:https?:\/\/|mailto:)\S+$/i;

/** A link by its label; an address that is no link here is written out, so that it is not lost. */
export function linkOf(address: string, label: string): string {
  if (!SCHEME.test(address)) {
    const text = label && label !== address ? `${label} (${address})` : address;
    return escapeAll(text);
  }
  const mailbox = address.replace(/^mailto:/i, '');
  const safe = address.replace(/[<>()\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  if (!label || label === address || label === mailbox) {
    return mailbox === address ? `<${safe}>` : escapeAll(mailbox);
  }
  return `[${escapeAll(label)}](${safe})`;
}
