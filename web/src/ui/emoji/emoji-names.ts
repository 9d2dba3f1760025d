/** Emoji by the names that Slack and GitHub have for them, e.g. `tada`. */
export type EmojiNames = ReadonlyMap<string, string>;

let loading: Promise<EmojiNames> | null = null;

/** Loads the names once (30 KB); where that fails, the next call tries again. */
export function loadEmojiNames(): Promise<EmojiNames> {
  loading ??= import('emojibase-data/en/shortcodes/github.json')
    .then(({ default: codes }) => new Map(Object.entries(codes).flatMap(namesOf)))
    .catch((error: unknown) => {
      loading = null;
      throw error;
    });
  return loading;
}

function namesOf([hexcode, names]: [string, string | string[]]): [string, string][] {
  const emoji = emojiOf(hexcode);
  return [names].flat().map((name) => [name, emoji]);
}

/** `1F468-200D-1F373` as text; what would be drawn as a letter gets the selector of colour. */
function emojiOf(hexcode: string): string {
  const text = String.fromCodePoint(...hexcode.split('-').map((code) => parseInt(code, 16)));
  return /^\p{Extended_Pictographic}$/u.test(text) && !/\p{Emoji_Presentation}/u.test(text)
    ? `${text}\uFE0F`
    : text;
}

const TYPED = /(?:^|[\s(])(:([a-z0-9_+-]{1,40}):)$/;

/** The name that was just typed as `:name:` before the caret, outside of code; null without one. */
export function typedName(text: string, caret: number): { name: string; start: number } | null {
  const before = text.slice(0, caret);
  const [, code, name] = TYPED.exec(before) ?? [];
  if (!code || !name) return null;
  const isInCode = (before.split('`').length - 1) % 2 === 1;
  return isInCode ? null : { name, start: caret - code.length };
}
