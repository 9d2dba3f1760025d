import { useLayoutEffect, type RefCallback } from 'react';

interface Props {
  /** The element that is drawn elsewhere. */
  element: HTMLElement | null;
  /** Both given by Mantine's `Target`, whose child this is. */
  ref?: RefCallback<HTMLElement>;
  id?: string;
}

/**
 * Names an element that is already on the page as the target of a Mantine menu or popover: their code
 * is then loaded when they first open, and the button does not wait for it.
 */
export function Anchor({ element, ref, id }: Props) {
  useLayoutEffect(() => {
    if (!element) return undefined;
    // The dropdown is labelled by its target.
    if (id && !element.id) element.id = id;
    ref?.(element);
    return () => void ref?.(null);
  }, [element, ref, id]);
  return null;
}
