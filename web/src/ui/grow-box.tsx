import { useLayoutEffect, useRef, type ComponentProps, type Ref } from 'react';
import classes from './grow-box.module.css';

interface Props extends Omit<ComponentProps<'textarea'>, 'ref' | 'rows'> {
  ref: Ref<HTMLTextAreaElement>;
  value: string;
  /** Lines it grows to; from there on it scrolls. */
  maxLines: number;
}

const isSizedByStyle = (): boolean => CSS.supports('field-sizing', 'content');

/** A box for text that is as high as its text, without a frame of its own. */
export function GrowBox({ ref, maxLines, className = '', style, ...rest }: Props) {
  const own = useRef<HTMLTextAreaElement | null>(null);
  useLayoutEffect(() => {
    const box = own.current;
    if (!box || isSizedByStyle()) return;
    box.style.height = 'auto';
    box.style.height = `${box.scrollHeight}px`;
  }, [rest.value]);
  return (
    <textarea
      {...rest}
      ref={(node) => {
        own.current = node;
        if (typeof ref === 'function') ref(node);
        else if (ref) ref.current = node;
      }}
      rows={1}
      // What people type takes its direction from itself.
      dir="auto"
      className={`${classes.box} ${className}`}
      style={{ ...style, maxHeight: `calc(${maxLines}lh + 14px)` }}
    />
  );
}
