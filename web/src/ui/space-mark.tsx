import type { Visibility } from '@teambrain/contract/role.ts';
import type { CSSProperties } from 'react';
import { hueOf } from './hue.ts';
import { SpaceIcon } from './space-icon.tsx';
import classes from './space-mark.module.css';

interface Props {
  space: { id: string; visibility: Visibility };
  size?: number;
}

/** A space's sign on its colour, by which its rows are told from others at a glance. */
export function SpaceMark({ space, size = 20 }: Props) {
  const style = { '--hue': hueOf(space.id), width: size, height: size } as CSSProperties;
  return (
    <span className={classes.mark} style={style}>
      <SpaceIcon visibility={space.visibility} size={Math.round(size * 0.6)} />
    </span>
  );
}
