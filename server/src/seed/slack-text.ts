/** Turns ids in Slack's text into names. */
export interface SlackNames {
  user(id: string): string | undefined;
  channel(id: string): string | undefined;
}

/** Stand for finished pieces and for strong emphasis while the rest is worked on. */
const [OPEN, CLOSE, STRONG] = ['\uE000', '\uE001', '\uE002'];
const CODE = /```([\s\S]*?)```|`([^`\n]+)`/g;
const REFERENCE = /<([^<>\n\uE000]*)>/g;

/**
 * A Slack message's text (mrkdwn) as Markdown that shows the same: references by name, links, bold
 * and struck text, code as it stands; signs that only Markdown would take for markup are escaped.
 * Linear in the text and total: every string gives a string.
 */
export function markdownOf(mrkdwn: string, names: SlackNames): string {
  const text = clean(mrkdwn).replace(/[\uE000-\uE003]/g, '');
  const pieces: string[] = [];
  const keep = (piece: string) => `${OPEN}${pieces.push(piece) - 1}${CLOSE}`;
  const withoutCode = text.replace(CODE, (whole, block?: string, inline?: string) => {
    if (block !== undefined && block.trim()) {
      const code = plainOf(block, names).replace(/^\n+|\s+$/g, '');
      return keep(`\n\`\`\`\n${code}\n\`\`\`\n`);
    }
    return inline?.trim() ? keep(`\`${plainOf(inline, names)}\``) : keep(escapeAll(whole));
  });
  const open = withoutCode.replace(REFERENCE, (_, inner: string) =>
    keep(referenceOf(inner, names)),
  );
  const marked = marksOf(unescape(open))
    .replace(new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'g'), (_, n: string) => pieces[Number(n)] ?? '')
    .replaceAll(STRONG, '**');
  return marked.replace(/\n{3,}/g, '\n\n').replace(/^\n+|\s+$/g, '');
}

/** What PostgreSQL and UTF-8 cannot hold is taken out; line ends become `\n`. */
export function clean(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replaceAll('\0', '')
    .replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** Slack's own formatting, line by line, and escapes for what is none in Slack. */
function marksOf(text: string): string {
  return text
    .replace(
      /(?<![\p{L}\p{N}*\\])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\p{L}\p{N}*])/gu,
      `${STRONG}$1${STRONG}`,
    )
    .replace(/(?<![\p{L}\p{N}~\\])~(?=[^\s~])([^~\n]*[^\s~])~(?![\p{L}\p{N}~])/gu, '~~$1~~')
    .replace(/(?<=\S)\*|\*(?=[^\s*])/g, '\\*')
    .replace(/__/g, '\\_\\_')
    .replace(/^( {0,3})(#{1,6})(?=[ \t]|$)/gm, '$1\\$2')
    .replace(/^( {0,3})(=+|-{2,})(?=[ \t]*$)/gm, '$1\\$2');
}

/** `&lt;` and the like as signs, escaped where Markdown would read markup; own backslashes too. */
function unescape(text: string): string {
  return text
    .replace(/\\(?=[!-/:-@[-`{-~])/g, '\\\\')
    .replace(/<(?=[A-Za-z/!?])/g, '\\<')
    .replace(/&(amp|lt|gt);(?=([\s\S]?))/g, (_, name: string, next: string) => {
      if (name === 'lt') return /[A-Za-z/!?]/.test(next) ? '\\<' : '<';
      if (name === 'gt') return '>';
      return /[A-Za-z#]/.test(next) ? '\\&' : '&';
    });
}

const SIGNS: Record<string, string> = { amp: '&', lt: '<', gt: '>' };

/** Text for code: references by their words, signs unescaped, nothing marked. */
function plainOf(text: string, names: SlackNames): string {
  return text
    .replace(REFERENCE, (_, inner: string) => {
      const { kind, id, label } = partsOf(inner);
      if (kind === '@') return `@${label || names.user(id) || id}`;
      if (kind === '#') return `#${label || names.channel(id) || id}`;
      return label || id;
    })
    .replace(/&(amp|lt|gt);/g, (_, name: string) => SIGNS[name] ?? '')
    .replaceAll('`', 'ˋ');
}

function partsOf(inner: string) {
  const kind = /^[@#!]/.exec(inner)?.[0] ?? '';
  const rest = inner.slice(kind.length);
  const bar = rest.indexOf('|');
  const id = bar < 0 ? rest : rest.slice(0, bar);
  return { kind, id, label: bar < 0 ? '' : rest.slice(bar + 1).trim() };
}

function referenceOf(inner: string, names: SlackNames): string {
  const { kind, id, label } = partsOf(inner);
  if (kind === '@') return `@${escapeAll(label || names.user(id) || id)}`;
  if (kind === '#') return `#${escapeAll(label || names.channel(id) || id)}`;
  if (kind === '!') return escapeAll(label || (/^\w+$/.test(id) ? `@${id}` : id));
  return linkOf(decode(id), decode(label));
}

const decode = (text: string) =>
  text.replace(/&(amp|lt|gt);/g, (_, name: string) => SIGNS[name] ?? '');

function linkOf(address: string, label: string): string {
  if (!/^(?:https?:\/\/|mailto:)\S+$/i.test(address)) return escapeAll(label || address);
  const mailbox = address.replace(/^mailto:/i, '');
  const safe = address.replace(/[<>()\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  if (!label || label === address || label === mailbox) {
    return mailbox === address ? `<${safe}>` : escapeAll(mailbox);
  }
  return `[${escapeAll(label)}](${safe})`;
}

/** Every sign that could be markup escaped; an underscore within a word is none. */
function escapeAll(text: string): string {
  return text
    .replace(/[\\`*[\]<>~]|&(?=[A-Za-z#])/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_');
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
