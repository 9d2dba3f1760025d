/**
 * What is left of Markdown and of template languages in the plain text of a sentence, taken out for
 * people to read: links the parser could not read, emphasis without its partner, tags, `{% … %}`.
 */
const STEPS: readonly (readonly [RegExp, string | ((all: string, text: string) => string)])[] = [
  [/!\[[^\]]{0,300}\](?:\([^)]{0,1000}\))?/g, ''],
  [/\[([^\]]{1,300})\]\((?:[^()]|\([^)]{0,300}\)){0,1000}\)/g, '$1'],
  [/\[([^\]]{1,300})\]\[[^\]]{0,100}\]/g, '$1'],
  [/\{%-?([^%]{0,500})-?%\}/g, (_all, inside) => wordIn(inside)],
  [/\{\{[^}]{0,500}\}\}/g, ''],
  [/<\/?[a-zA-Z][^<>]{0,500}>|<!--[^>]{0,500}-->/g, ''],
  [/^\s{0,8}(?:#{1,6}|>|[-*+]|\d{1,4}[.)])\s{1,8}/, ''],
  [/^\s{0,8}\[[ xX]\]\s{1,8}/, ''],
  [/(^|[\s(“"'])(?:\*{1,3}|_{1,3}|~~|`{1,3})(?=[^\s*_~`])/g, '$1'],
  [/([^\s*_~`])(?:\*{1,3}|~~|`{1,3})(?=$|[\s).,;:!?”"'’])/g, '$1'],
  [/([^\s*_~`])_{1,3}(?=$|[\s).,;:!?”"'’])/g, '$1'],
];

/** The text of a sentence without marks, white space collapsed. */
export function shownText(text: string): string {
  let shown = text.replace(/\s+/g, ' ');
  for (const [pattern, by] of STEPS) {
    shown = typeof by === 'string' ? shown.replace(pattern, by) : shown.replace(pattern, by);
  }
  return shown.replace(/\s+/g, ' ').trim();
}

/** The first argument of a template tag that is a word and no path: `{% channel "help" %}`. */
function wordIn(inside: string): string {
  const quoted = [...inside.matchAll(/["“]([^"”]{1,100})["”]/g)].map((match) => match[1] ?? '');
  return quoted.find((text) => !/[/\\]|\.\w{2,4}$/.test(text)) ?? '';
}
