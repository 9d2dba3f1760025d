import { memo, useMemo } from 'react';
import ReactMarkdown, { type Components, type Options } from 'react-markdown';
import remarkBreaks from 'remark-breaks';
import remarkGfm from 'remark-gfm';
import { isTooCostly } from '@teambrain/contract/markdown-guard.ts';
import { MarkedText } from '../../ui/marked-text.tsx';
import { CodeBlock } from './code-block.tsx';
import { remarkHideComments } from './comments.ts';
import { rehypeDirection } from './direction.ts';
import { rehypeHeadings } from './headings.ts';
import { rehypeHighlight, type TextRange } from './highlight.ts';
import { ImageLink, SafeLink } from './links.tsx';
import classes from './markdown.module.css';
import { remarkQuotesEnd } from './quotes.ts';

interface Props {
  text: string;
  /** `chat` is small with hard line breaks, `document` large with room. */
  look?: 'chat' | 'document';
  /** Words of the source to mark. */
  range?: TextRange | null;
}

const components: Components = {
  a: ({ href, children }) => <SafeLink href={href}>{children}</SafeLink>,
  img: ({ src, alt }) => <ImageLink src={typeof src === 'string' ? src : ''} alt={alt ?? ''} />,
  pre: ({ children }) => <CodeBlock>{children}</CodeBlock>,
  table: ({ children }) => (
    // A wide table scrolls by itself, by keyboard too, and leaves the page where it is.
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="Table">
      <table>{children}</table>
    </div>
  ),
  input: ({ checked }) => (
    <input
      type="checkbox"
      checked={checked ?? false}
      readOnly
      disabled
      aria-label={checked ? 'Done' : 'To do'}
    />
  ),
};

const chatPlugins: Options['remarkPlugins'] = [remarkGfm, remarkQuotesEnd, remarkBreaks];
const documentPlugins: Options['remarkPlugins'] = [remarkGfm, remarkQuotesEnd, remarkHideComments];

/** Markdown as written by people: raw HTML stays text, links and images are vetted where rendered. */
export const Markdown = memo(function Markdown({ text, look = 'document', range }: Props) {
  const start = range?.start;
  const end = range?.end;
  const rehypePlugins = useMemo<Options['rehypePlugins']>(
    () => [
      // Chat stands under h2 (the day), documents under their title.
      rehypeDirection,
      [rehypeHeadings, { below: look === 'chat' ? 2 : 1 }],
      ...(start === undefined || end === undefined
        ? []
        : [[rehypeHighlight, { start, end }] as [typeof rehypeHighlight, TextRange]]),
    ],
    [look, start, end],
  );
  const isPlain = useMemo(() => isTooCostly(text), [text]);
  if (isPlain) return <AsWritten text={text} range={range ?? null} />;
  return (
    <div className={classes.root} data-look={look}>
      <ReactMarkdown
        remarkPlugins={look === 'chat' ? chatPlugins : documentPlugins}
        rehypePlugins={rehypePlugins}
        components={components}
        // Vetting is SafeLink's; here nothing may be rewritten before it.
        urlTransform={(url) => url}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
});

/** Text that would freeze the page if it were parsed: every character, nothing formatted. */
function AsWritten({ text, range }: { text: string; range: TextRange | null }) {
  return (
    <div className={classes.root}>
      <p role="note" className={classes.note}>
        This text is too complex to be formatted. It is shown as it was written.
      </p>
      <pre className={classes.plain} dir="auto">
        <MarkedText text={text} ranges={range ? [range] : []} />
      </pre>
    </div>
  );
}
