import type { Range } from './scan.ts';
import { mapOutside } from './outside.ts';

const TAG = /\{%([^%]{0,2000})%\}/g;
const VARIABLE = /(?<!\$)\{\{([^{}\n]{0,300})\}\}/g;
const COMMENT = '\uE003';

/**
 * Takes the leftovers of static site generators (Jekyll, Liquid, Eleventy) out of a page of theirs:
 * comments go, tags that stand for a path, name or picture become that, other tags go and leave what
 * they enclose. Code stays as it is, but for `raw`, which only tells the generator to leave it.
 */
export function withoutTemplates(markdown: string, code: readonly Range[]): string {
  const raw = /\{%-?\s*(?:end)?raw\s*-?%\}/g;
  const cleaned = mapOutside(markdown.replaceAll(COMMENT, ' '), code, cleanProse, (part) =>
    part.replace(raw, ''),
  );
  return withoutComments(cleaned);
}

function cleanProse(text: string): string {
  return text
    .replace(TAG, (_, inside: string) => tagText(inside))
    .replace(VARIABLE, (whole, inside: string) => variableText(inside) ?? whole)
    .replace(/[ \t]*\{[:#][^{}\n]{0,200}\}(?=[ \t]*$)/gm, '');
}

/** Comments reach over code, so their ends are only marked while prose is cleaned. */
function withoutComments(text: string): string {
  const [first = '', ...rest] = text.split(COMMENT);
  // Behind the first mark comment and text alternate; a comment without an end stays.
  return first + rest.filter((_, i) => i % 2 === 1 || i === rest.length - 1).join('');
}

function tagText(inside: string): string {
  const name = /\w+/.exec(inside)?.[0] ?? '';
  const words = [
    ...inside
      .slice(inside.indexOf(name) + name.length)
      .matchAll(/"([^"]*)"|'([^']*)'|([^\s"',]+)/g),
  ].map(([, double, single, bare]) => double ?? single ?? bare ?? '');
  const [first = '', second = ''] = words;
  if (name === 'comment' || name === 'endcomment') return COMMENT;
  if (['page', 'link', 'post_url', 'download', 'url'].includes(name)) return first;
  if (name.startsWith('slack_channel')) return `#${first.replace(/^#/, '')}`;
  if (name.startsWith('image')) return pictureText(words.slice(1).at(-1) ?? '', first);
  if (name === 'highlight') return `\`\`\`${first}`;
  if (name === 'endhighlight') return '```';
  if (name === 'alert' && /\s/.test(first)) return `**${first}**${second ? '' : '\n'}`;
  return '';
}

/** Paths and site variables; null for what may mean something. */
function variableText(inside: string): string | null {
  const quoted = /^\s*["']([^"']*)["']/.exec(inside)?.[1];
  if (quoted !== undefined) return quoted;
  return /^[-\s]*(?:site|base|page|config|env|layout|collections|pkg)\.[\w.]+/.test(inside)
    ? ''
    : null;
}

/** What is shown in place of a picture that is not here. */
export const pictureText = (alt: string, source: string): string =>
  `*Picture: ${(alt || source.split('/').at(-1) || '').replace(/[*_[\]]/g, '')}*`;

/** Files that only a site generator's folder has, at any depth. */
const CONFIGURATION =
  /(?:^|\/)(?:_config\.ya?ml|\.?eleventy(?:\.config)?\.[cm]?js|hugo\.(?:toml|ya?ml|json)|_includes\/|_layouts\/|archetypes\/|\.jekyll-)/;
/** A link whose destination only a generator knows: nobody writes that for readers. */
const TEMPLATE_LINK = /\]\(\s*\{[%{]/;

/** Whether these files are the source of a site. */
export const hasGenerator = (labels: readonly string[]): boolean =>
  labels.some((label) => CONFIGURATION.test(label));

/** Whether a page, code left aside, has links that only a site generator resolves. */
export function isGenerated(markdown: string, code: readonly Range[]): boolean {
  let prose = '';
  mapOutside(markdown, code, (part) => (prose += part));
  return TEMPLATE_LINK.test(prose);
}

/** Whether it is worth the time to look closer. */
export const mayBeGenerated = (markdown: string): boolean => TEMPLATE_LINK.test(markdown);
