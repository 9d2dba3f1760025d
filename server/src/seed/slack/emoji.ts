import { readFileSync } from 'node:fs';

const TONES = ['\u{1F3FB}', '\u{1F3FC}', '\u{1F3FD}', '\u{1F3FE}', '\u{1F3FF}'];
const CODES = /(?<![A-Za-z0-9:])(?::[\p{L}\p{N}_+'’.-]{1,60}:)+(?![A-Za-z0-9])/gu;
const TONE = /^skin-tone-([2-6])$/;

let known: Map<string, string> | null = null;

/** The emoji of a short name, without colons; undefined for a team's own. */
export function emojiOf(name: string): string | undefined {
  known ??= new Map(
    readFileSync(new URL('emoji-names.txt', import.meta.url), 'utf8')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'))
      .map((line) => line.split(' ') as [string, string]),
  );
  const [base = '', tone = ''] = name.split('::');
  const emoji = known.get(base);
  return emoji === undefined || !tone ? emoji : withTone(emoji, tone);
}

/**
 * `:tada:` as the emoji it means, `:wave::skin-tone-3:` in that colour. A team's own emoji, and what
 * only looks like a code (`10:30:45`, `C::D`), stay as they are.
 */
export function withEmoji(text: string): string {
  if (!text.includes(':')) return text;
  return text.replace(CODES, (run) => {
    const parts: string[] = [];
    for (const name of run.slice(1, -1).split('::')) {
      const last = parts.at(-1) ?? '';
      if (TONE.test(name) && /\p{Emoji_Modifier_Base}/u.test(last)) {
        parts[parts.length - 1] = withTone(last, name);
      } else parts.push(emojiOf(name) ?? `:${name}:`);
    }
    return parts.join('');
  });
}

/** A skin tone belongs behind the first person of an emoji, in place of its presentation mark. */
function withTone(emoji: string, name: string): string {
  const tone = TONES[Number(TONE.exec(name)?.[1] ?? 0) - 2] ?? '';
  const [first = '', ...rest] = emoji;
  if (!tone || !/\p{Emoji_Modifier_Base}/u.test(first)) return emoji;
  return `${first}${tone}${rest.join('').replace(/^\uFE0F/, '')}`;
}
