import type { Citation } from '@teambrain/contract/citation.ts';
import classes from './cited-text.module.css';

interface Props {
  text: string;
  /** Positions in `all`. */
  citations: readonly number[];
  all: readonly Citation[];
  onOpen: (citation: Citation) => void;
}

/** A sentence with the numbers of what supports it. */
export function CitedText({ text, citations, all, onOpen }: Props) {
  return (
    <p className={classes.sentence} dir="auto">
      {text}
      {citations.map((index) => {
        const citation = all[index];
        if (!citation) return null;
        const { title, author, spaceName } = citation.source;
        const name = title || `message by ${author.name}`;
        return (
          <button
            key={index}
            type="button"
            className={classes.chip}
            aria-label={`Citation ${index + 1}: ${name}, in ${spaceName}`}
            title={`${name} · ${spaceName}`}
            onClick={() => onOpen(citation)}
          >
            {index + 1}
          </button>
        );
      })}
    </p>
  );
}
