import { MESSAGE_MAX } from '@teambrain/contract/chat.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import type { ReactNode } from 'react';
import classes from './composer.module.css';

interface Props {
  text: string;
  isUnseen: boolean;
  hint: ReactNode;
  /** Of a reply: whether the space shows it as well. */
  also: ReactNode;
}

/** Below the box: what is told on the left, and how it is with the text. */
export function Foot({ text, isUnseen, hint, also }: Props) {
  return (
    <div className={classes.foot}>
      {also && <div className={classes.hint}>{also}</div>}
      <div className={classes.hint}>{hint}</div>
      <Status text={text} isUnseen={isUnseen} isInThread={Boolean(also)} />
    </div>
  );
}

interface AlsoProps {
  space: Space;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

/** Whether a reply is shown in its space as well. */
export function AlsoInSpace({ space, isOn, onChange }: AlsoProps) {
  return (
    <label className={classes.also}>
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>
        Also show in <bdi>{space.name}</bdi>
      </span>
    </label>
  );
}

interface StatusProps {
  text: string;
  isUnseen: boolean;
  isInThread: boolean;
}

/** What is wrong with a text, how much room it has left, or how it is sent. */
function Status({ text, isUnseen, isInThread }: StatusProps) {
  const isTooLong = text.length > MESSAGE_MAX;
  return isUnseen ? (
    <span role="status" data-wrong>
      This would look empty: write something that can be seen
    </span>
  ) : text.length > MESSAGE_MAX * 0.9 ? (
    <span role="status" data-wrong={isTooLong || undefined}>
      {text.length.toLocaleString()} of {MESSAGE_MAX.toLocaleString()} characters
    </span>
  ) : (
    !isInThread && <span className={classes.keys}>Enter to send, Shift + Enter for a new line</span>
  );
}
