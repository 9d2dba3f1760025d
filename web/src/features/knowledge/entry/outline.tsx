import { useEffect, useState, type RefObject } from 'react';
import classes from './entry-page.module.css';

interface Heading {
  id: string;
  text: string;
  level: number;
}

/** The headings of a rendered text, up to the third level. */
export function useOutline(text: RefObject<HTMLElement | null>, markdown: string): Heading[] {
  const [headings, setHeadings] = useState<Heading[]>([]);
  useEffect(() => {
    const found = text.current?.querySelectorAll<HTMLElement>('[data-level]') ?? [];
    setHeadings(
      [...found]
        .map(({ id, textContent, dataset }) => ({
          id,
          text: textContent,
          level: Number(dataset['level']),
        }))
        .filter(({ level, text: words }) => level <= 3 && words),
    );
  }, [text, markdown]);
  return headings;
}

export function Outline({ headings }: { headings: readonly Heading[] }) {
  const top = Math.min(...headings.map((heading) => heading.level));
  return (
    <nav className={classes.outline} aria-label="On this page">
      <h2>On this page</h2>
      <ul>
        {headings.map(({ id, text, level }) => (
          <li key={id}>
            <a
              href={`#${id}`}
              data-depth={level - top}
              onClick={(event) => {
                // Without a change of the address, which belongs to the router.
                event.preventDefault();
                document.getElementById(id)?.scrollIntoView({ block: 'start' });
              }}
            >
              {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
