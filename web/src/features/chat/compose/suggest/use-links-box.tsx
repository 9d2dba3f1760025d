import {
  lazy,
  Suspense,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import { flushSync } from 'react-dom';
import { isComposing } from '../is-composing.ts';
import { lengthen, replaceShown, shorten } from './short-links.ts';
import { LIST_ID, triggerAt, type OnKey, type Trigger } from './trigger.ts';

const SuggestList = lazy(() =>
  import('./suggest-list.tsx').then((module) => ({ default: module.SuggestList })),
);

interface Box {
  spaceId: string;
  box: RefObject<HTMLTextAreaElement | null>;
  text: string;
  change: (text: string) => void;
}

/**
 * A box for Markdown in which links are shown by their labels, and in which `@`, `#` and `[[` suggest
 * what can be linked to. `text` and `change` are of the whole text; `shown` is the box's.
 */
export function useLinksBox({ spaceId, box, text, change }: Box) {
  const short = useMemo(() => shorten(text), [text]);
  const [trigger, setTrigger] = useState<Trigger | null>(null);
  /** Where suggestions were closed: there they stay so. */
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const [active, setActive] = useState<string | null>(null);
  const onKey = useRef<OnKey | null>(null);
  const look = () => {
    const { selectionStart = 0, selectionEnd = 0, value = '' } = box.current ?? {};
    const found = selectionStart === selectionEnd ? triggerAt(shorten(text), selectionStart) : null;
    const isStale = value !== short.shown;
    if (!isStale) setTrigger(found);
    if (found === null) setClosedAt(null);
  };
  const changeShown = (next: string) => {
    const whole = lengthen(short, next);
    change(whole);
    const caret = box.current?.selectionStart ?? next.length;
    const found = triggerAt(shorten(whole), caret);
    setTrigger(found);
    if (found === null) setClosedAt(null);
  };
  const isOpen = trigger !== null && trigger.start !== closedAt;
  const close = () => {
    setClosedAt(trigger?.start ?? null);
    setActive(null);
  };
  const pick = (link: string) => {
    if (!trigger) return;
    const next = replaceShown(short, trigger.start, trigger.end, `${link} `);
    const rest = short.shown.length - trigger.end;
    // At once: a key pressed before the next frame belongs behind the caret.
    flushSync(() => {
      change(next);
      setTrigger(null);
      setActive(null);
    });
    const caret = shorten(next).shown.length - rest;
    box.current?.focus();
    box.current?.setSelectionRange(caret, caret);
  };
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (!isOpen || isComposing(event) || !onKey.current?.(event)) return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const list: ReactNode = isOpen && (
    <Suspense>
      <SuggestList
        spaceId={spaceId}
        trigger={trigger}
        onPick={pick}
        onClose={close}
        onActive={setActive}
        onKey={onKey}
      />
    </Suspense>
  );
  return {
    shown: short.shown,
    changeShown,
    /** To be called when the caret moved. */
    look,
    /** Whether the suggestions took the key. */
    onKeyDown,
    list,
    /** For the box, so that it is known which suggestion is chosen. */
    aria: {
      'aria-autocomplete': 'list' as const,
      ...(isOpen && active ? { 'aria-controls': LIST_ID, 'aria-activedescendant': active } : {}),
    },
  };
}
