import { useState, type ReactNode } from 'react';
import classes from './folded.module.css';

/** From so many characters or lines on a message is folded. */
const LONG = 2_000;
const MANY_LINES = 24;

/** Whether a message is shown in part until its reader wants more; told by its text alone, so that nothing jumps. */
export function isLong(text: string): boolean {
  return text.length > LONG || text.split('\n', MANY_LINES + 1).length > MANY_LINES;
}

interface Props {
  text: string;
  /** Whether it is shown whole from the start, as where a link leads to it. */
  isOpen: boolean;
  children: ReactNode;
}

/** A long message: its beginning, and a button for the rest. */
export function Folded({ text, isOpen, children }: Props) {
  const [isUnfolded, setIsUnfolded] = useState(isOpen);
  if (!isLong(text)) return children;
  return (
    <>
      <div className={classes.text} data-folded={!isUnfolded || undefined}>
        {children}
      </div>
      <button
        type="button"
        className={classes.more}
        aria-expanded={isUnfolded}
        onClick={() => setIsUnfolded(!isUnfolded)}
      >
        {isUnfolded ? 'Show less' : 'Show the whole message'}
      </button>
    </>
  );
}
