import { useCallback } from 'react';
import { flushSync } from 'react-dom';
import { loadEmojiNames, typedName } from '../../../ui/emoji/emoji-names.ts';

/**
 * Makes an emoji of a `:name:` as soon as its second colon is typed; to be called with the box after
 * each change. `change` takes the text over. A name that nobody knows stays as it is.
 */
export function useEmojiNames(change: (text: string) => void) {
  return useCallback(
    (box: HTMLTextAreaElement): void => {
      const { value, selectionStart } = box;
      const typed = typedName(value, selectionStart);
      if (!typed) return;
      const before = value.slice(0, selectionStart);
      const put = (emoji: string | undefined) => {
        // Somebody may have gone on typing while the names were loaded.
        if (!emoji || !box.value.startsWith(before)) return;
        const saved = before.length - typed.start - emoji.length;
        const caret = Math.max(box.selectionStart - saved, 0);
        const text = `${before.slice(0, typed.start)}${emoji}${box.value.slice(before.length)}`;
        // At once: a key pressed before the next frame belongs behind the caret.
        flushSync(() => change(text));
        box.setSelectionRange(caret, caret);
      };
      loadEmojiNames().then(
        (names) => put(names.get(typed.name)),
        // Then it stays the name that was typed.
        () => undefined,
      );
    },
    [change],
  );
}
