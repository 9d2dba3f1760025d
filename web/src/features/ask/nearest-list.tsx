import type { Passage } from '@teambrain/contract/citation.ts';
import { Link } from '@tanstack/react-router';
import { passageLink, sourceName } from '../../platform/source-link.ts';
import { KindIcon } from '../../ui/kind-icon.tsx';
import { SpaceIcon } from '../../ui/space-icon.tsx';
import classes from './ask.module.css';

/** Where to look further, without a claim that it answers. */
export function NearestList({
  passages,
  isUnknown,
}: {
  passages: readonly Passage[];
  isUnknown: boolean;
}) {
  return (
    <div className={classes.sources}>
      <h2>{isUnknown ? 'Nearest passages' : 'See also'}</h2>
      <ul>
        {passages.map((passage, index) => (
          <li key={index}>
            <Link {...passageLink(passage)} className={classes.source}>
              <KindIcon kind={passage.source.kind} />
              <span className={classes.about}>
                <span className={classes.name} dir="auto">
                  {sourceName(passage.source)}
                </span>
                <span className={classes.quote} dir="auto">
                  {passage.snippet}
                </span>
                <span className={classes.dim}>
                  <SpaceIcon visibility={passage.source.spaceVisibility} size={12} />{' '}
                  {passage.source.spaceName}
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
