import { useState } from 'react';

/**
 * The questions asked one after the other on this page; nothing is stored. `question` is the one
 * shown: going back in the history goes back in the conversation, and a question that came from
 * elsewhere begins a new one.
 */
export function useConversation(question: string) {
  const [asked, setAsked] = useState<readonly string[]>([]);
  const at = asked.lastIndexOf(question);
  const before = at < 0 ? [] : asked.slice(0, at);
  return {
    before,
    add(next: string) {
      const upToHere = at < 0 ? [question] : asked.slice(0, at + 1);
      setAsked([...upToHere.filter((text) => text !== '' && text !== next), next]);
    },
    clear: () => setAsked([]),
  };
}
