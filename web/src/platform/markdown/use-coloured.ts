import {
  Children,
  isValidElement,
  useEffect,
  useState,
  type ReactElement,
  type ReactNode,
} from 'react';

/** Longer code stays plain: colouring it would hold the page up. */
const MAX_CODE = 20_000;

interface CodeProps {
  className?: string;
  children?: ReactNode;
}

/**
 * The content of a code block with its words coloured, once the colours are loaded; null before that,
 * for a language that is not known, and where a part of it is marked.
 */
export function useColoured(children: ReactNode): ReactElement | null {
  const { code, language } = sourceOf(children);
  const [coloured, setColoured] = useState<ReactElement | null>(null);
  useEffect(() => {
    setColoured(null);
    if (code === null || language === null) return undefined;
    let isCurrent = true;
    import('./code-colours.ts').then(
      ({ colour }) => isCurrent && setColoured(colour(code, language)),
      // Without the colours the code is as good.
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [code, language]);
  return coloured;
}

/** Code and language of ```` ```ts ````; null where there is no language, or more than plain text. */
function sourceOf(children: ReactNode): { code: string | null; language: string | null } {
  const [child, ...others] = Children.toArray(children);
  if (!isValidElement<CodeProps>(child) || others.length > 0) return { code: null, language: null };
  const { className = '', children: text } = child.props;
  const language = /\blanguage-(\S+)/.exec(className)?.[1]?.toLowerCase() ?? null;
  const code = typeof text === 'string' && text.length <= MAX_CODE ? text : null;
  return { code, language };
}
