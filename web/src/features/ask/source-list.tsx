import type { Citation } from '@teambrain/contract/citation.ts';
import { kindName, sourceName } from '../../platform/source-link.ts';
import { KindIcon } from '../../ui/kind-icon.tsx';
import { plain } from '../../ui/plain-text.ts';
import { SpaceIcon } from '../../ui/space-icon.tsx';
import { Time } from '../../ui/time.tsx';
import classes from './ask.module.css';

interface Props {
  citations: readonly Citation[];
  onOpen: (citation: Citation) => void;
}

export function SourceList({ citations, onOpen }: Props) {
  return (
    <div className={classes.sources}>
      <h2>Sources</h2>
      <ol>
        {citations.map((citation, index) => {
          const { source, quote } = citation;
          return (
            <li key={index}>
              <button
                type="button"
                className={classes.source}
                aria-label={`Source ${index + 1}: ${kindName(source.kind)} ${sourceName(source)}, in ${source.spaceName}`}
                onClick={() => onOpen(citation)}
              >
                <span className={classes.number}>{index + 1}</span>
                <span className={classes.about}>
                  <span className={classes.name}>
                    <KindIcon kind={source.kind} size={14} /> {sourceName(source)}
                  </span>
                  <span className={classes.quote}>“{plain(quote)}”</span>
                  <span className={classes.dim}>
                    <SpaceIcon visibility={source.spaceVisibility} size={12} /> {source.spaceName} ·{' '}
                    <Time at={source.at} />
                  </span>
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
