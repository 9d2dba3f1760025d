import { IconPaperclip } from '@tabler/icons-react';
import type { SearchHit } from '@teambrain/contract/search.ts';
import { kindName, sourceName } from '../../platform/source-link.ts';
import { KindIcon } from '../../ui/kind-icon.tsx';
import { MarkedText } from '../../ui/marked-text.tsx';
import { SpaceIcon } from '../../ui/space-icon.tsx';
import { Time } from '../../ui/time.tsx';
import type { SearchAction } from './search-action.ts';
import classes from './search-dialog.module.css';

interface ItemProps {
  id: string;
  isActive: boolean;
  onPoint: () => void;
  onOpen: () => void;
}

export function HitItem({ hit, id, isActive, onPoint, onOpen }: ItemProps & { hit: SearchHit }) {
  const { source, snippet, highlights, start } = hit;
  // A message without a place in its words was found by the names of its files.
  const areFiles = source.kind === 'message' && start === null;
  return (
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      aria-label={`${kindName(source.kind)}: ${sourceName(source)}, in ${source.spaceName}. ${areFiles ? 'Files: ' : ''}${snippet}`}
      className={classes.item}
      onPointerMove={onPoint}
      onClick={onOpen}
    >
      <KindIcon kind={source.kind} />
      <div className={classes.about}>
        <div className={classes.line}>
          <span className={classes.name} dir="auto">
            {sourceName(source)}
          </span>
          <span className={classes.meta}>
            <SpaceIcon visibility={source.spaceVisibility} size={12} />{' '}
            <bdi>{source.spaceName}</bdi> · <Time at={source.at} />
          </span>
        </div>
        <div className={classes.snippet} dir="auto">
          {areFiles && (
            <IconPaperclip size={14} stroke={1.75} className={classes.clip} aria-hidden />
          )}
          <MarkedText text={snippet} ranges={highlights} />
        </div>
      </div>
    </div>
  );
}

export function ActionItem(props: ItemProps & { action: SearchAction; query: string }) {
  const { action, query, id, isActive, onPoint, onOpen } = props;
  const label = typeof action.label === 'string' ? action.label : action.label(query);
  return (
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      className={classes.item}
      onPointerMove={onPoint}
      onClick={onOpen}
    >
      {action.icon}
      <div className={classes.about} dir="auto">
        {label}
      </div>
    </div>
  );
}
