import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';

/** Milliseconds that the pointer rests on a button before its tip appears. */
const REST = 400;

interface Tip {
  element: HTMLElement;
  text: string;
}

const tipOf = ({ target }: Event): Tip | null => {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null;
  const text = element?.dataset['tip'];
  return element && text ? { element, text } : null;
};

/**
 * Shows what a button does: the text in its attribute `data-tip`, while the pointer rests on it or it
 * has the focus of the keyboard. One for the whole page: a tooltip of its own for each button of each
 * message is most of what drawing a list of messages costs.
 */
export function Tips() {
  const [tip, setTip] = useState<Tip | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let current: HTMLElement | null = null;
    const hide = () => {
      clearTimeout(timer);
      current = null;
      setTip(null);
    };
    const show = (next: Tip | null, delay: number) => {
      if (next?.element === current) return;
      hide();
      if (!next || next.element.getAttribute('aria-expanded') === 'true') return;
      current = next.element;
      timer = setTimeout(() => current?.isConnected && setTip(next), delay);
    };
    const over = (event: PointerEvent) => {
      if (event.pointerType !== 'touch') show(tipOf(event), REST);
    };
    const focus = (event: FocusEvent) => {
      const next = tipOf(event);
      if (next?.element.matches(':focus-visible')) show(next, 0);
    };
    const key = ({ key: pressed }: KeyboardEvent) => {
      if (pressed === 'Escape' || pressed === 'Enter' || pressed === ' ') hide();
    };
    const undo = new AbortController();
    const how = { capture: true, passive: true, signal: undo.signal } as const;
    document.addEventListener('pointerover', over, how);
    document.addEventListener('focusin', focus, how);
    document.addEventListener('keydown', key, how);
    for (const name of ['pointerdown', 'focusout', 'scroll'] as const) {
      document.addEventListener(name, hide, how);
    }
    document.documentElement.addEventListener('pointerleave', hide, how);
    return () => {
      clearTimeout(timer);
      undo.abort();
    };
  }, []);
  return (
    tip && (
      <Tooltip
        opened
        target={tip.element}
        label={<span dir="auto">{tip.text}</span>}
        multiline
        maw={280}
      />
    )
  );
}
