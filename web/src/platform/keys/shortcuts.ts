import { useEffect, useRef } from 'react';

/** Keys by name, `g h` for one after another, `mod+k` for ⌘ or Ctrl; `mod` ones work while typing too. */
export type Shortcuts = Record<string, (event: KeyboardEvent) => void>;

const PAUSE = 900;

/** Window-wide shortcuts; single keys rest while a text field, a menu or a dialogue has the focus. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    let before = '';
    let at = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const isMod = event.metaKey || event.ctrlKey;
      if (isMod) {
        run(latest.current, `mod+${event.key.toLowerCase()}`, event);
        return;
      }
      // Escape closes what is on top wherever one is.
      if (event.altKey || (event.key !== 'Escape' && isTyping(event.target))) return;
      const pair = event.timeStamp - at < PAUSE ? `${before} ${event.key}` : '';
      before = event.key;
      at = event.timeStamp;
      if (pair && run(latest.current, pair, event)) before = '';
      else run(latest.current, event.key, event);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

function run(shortcuts: Shortcuts, key: string, event: KeyboardEvent): boolean {
  const action = shortcuts[key];
  if (!action) return false;
  event.preventDefault();
  action(event);
  return true;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const widget = 'input, textarea, select, [contenteditable], [role="menu"], [role="dialog"]';
  return target.closest(widget) !== null;
}

export const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');
export const modKey = isMac ? '⌘' : 'Ctrl ';
