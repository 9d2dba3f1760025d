import type { Visibility } from '@teambrain/contract/role.ts';
import type { SpaceColour } from '@teambrain/contract/spaces.ts';
import type { CSSProperties } from 'react';
import { hueOf, hues } from './hue.ts';
import { SpaceIcon } from './space-icon.tsx';
import classes from './space-mark.module.css';

interface Props {
  space: {
    id: string;
    visibility: Visibility;
    emoji: string | null;
    colour: SpaceColour | null;
  };
  size?: number;
}

/** A space's sign on its colour, by which its rows are told from others at a glance. */
export function SpaceMark({ space, size = 20 }: Props) {
  const { emoji, colour } = space;
  const hue = colour ? hues[colour] : hueOf(space.id);
  const style = { '--hue': hue ?? 0, width: size, height: size } as CSSProperties;
  return (
    <span className={classes.mark} data-grey={hue === null || undefined} style={style}>
      {emoji ? (
        <span aria-hidden style={{ fontSize: size * 0.6 }}>
          {emoji}
        </span>
      ) : (
        <SpaceIcon visibility={space.visibility} size={Math.round(size * 0.6)} />
      )}
      {emoji && space.visibility === 'protected' && (
        <span className={classes.lock}>
          <SpaceIcon visibility="protected" size={Math.max(9, Math.round(size * 0.35))} />
        </span>
      )}
    </span>
  );
}
