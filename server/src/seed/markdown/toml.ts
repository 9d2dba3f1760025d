import { instantOf } from './dates.ts';

const LINE = /^([A-Za-z0-9_-]+|"[^"\\\n]+")\s*=\s*(.+)$/;
const TABLE = /^\[\[?([\w.-]+)\]\]?$/;

/**
 * The plain part of TOML that front matter is written in: a value a line (text, number, truth, date,
 * list of them), tables by their name. For anything else `invalid`, and the text is kept.
 */
export function parseToml(source: string): Map<string, unknown> | 'invalid' | null {
  const fields = new Map<string, unknown>();
  let table = '';
  for (const raw of joinLists(source).split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const named = TABLE.exec(line);
    if (named) {
      table = `${named[1] ?? ''}.`;
      continue;
    }
    const [, key = '', value = ''] = LINE.exec(line) ?? [];
    const parsed = key ? valueOf(value.trim()) : undefined;
    const name = table + key.replace(/^"|"$/g, '');
    if (parsed === undefined || fields.has(name)) return 'invalid';
    fields.set(name, parsed);
  }
  return fields.size > 0 ? fields : null;
}

/** Lists may go over several lines. */
const joinLists = (source: string) =>
  source.replace(/=\s*\[[^[\]]*\]/g, (list) => list.replace(/\s*\n\s*/g, ' '));

/** Undefined for what is not understood. */
function valueOf(text: string): unknown {
  const value = text.replace(/\s+#[^"']*$/, '');
  if (/^"(?:[^"\\]|\\["\\nt/]|\\u[0-9a-fA-F]{4})*"$/.test(value))
    return JSON.parse(value) as string;
  if (/^'[^'\n]*'$/.test(value)) return value.slice(1, -1);
  if (/^[+-]?\d[\d_]*(?:\.\d+)?$/.test(value)) return Number(value.replaceAll('_', ''));
  if (value === 'true' || value === 'false') return value === 'true';
  const list = /^\[(.*)\]$/s.exec(value)?.[1];
  if (list === undefined) return instantOf(value) ?? undefined;
  const items = list.match(/"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,]+/g) ?? [];
  const values = items.map((item) => valueOf(item));
  return values.includes(undefined) ? undefined : values;
}
