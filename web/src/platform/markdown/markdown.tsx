import { isTooCostly } from '@teambrain/contract/markdown-guard.ts';
import type { Components } from 'hast-util-to-jsx-runtime';
import { memo, useMemo } from 'react';
import { MarkedText } from '../../ui/marked-text.tsx';
import { CodeBlock } from './code-block.tsx';
import type { TextRange } from './highlight.ts';
import { ImageLink, SafeLink } from './links.tsx';
import classes from './markdown.module.css';
import { toReact } from './to-react.ts';

interface Props {
  text: string;
  /** `chat` is small with hard line breaks, `document` large with room. */
  look?: 'chat' | 'document';
  /** Words of the source to mark. */
  range?: TextRange | null;
}

const components: Partial<Components> = {
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

/** Markdown as written by people: raw HTML stays text, links and images are vetted where rendered. */
export const Markdown = memo(function Markdown({ text, look = 'document', range }: Props) {
  const start = range?.start;
  const end = range?.end;
  const shown = useMemo(() => {
    if (isTooCostly(text)) return null;
    const marked = start === undefined || end === undefined ? null : { start, end };
    return toReact(text, { look, range: marked, components });
  }, [text, look, start, end]);
  if (!shown) return <AsWritten text={text} range={range ?? null} />;
  return (
    <div className={classes.root} data-look={look}>
      {shown}
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
