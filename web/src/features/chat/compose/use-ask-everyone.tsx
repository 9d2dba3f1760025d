import { EVERYONE_ASKS } from '@teambrain/contract/chat.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import { useState } from 'react';
import { dialogLater } from '../../../platform/later.tsx';

const AskEveryone = dialogLater(() =>
  import('./ask-everyone.tsx').then((module) => module.AskEveryone),
);

/** Asks before a text is sent that mentions all members of a large space. */
export function useAskEveryone(space: Space, text: string) {
  /** What is done once that is answered. */
  const [waiting, setWaiting] = useState<{ send: () => void } | null>(null);
  const callsMany =
    (space.memberCount ?? 0) >= EVERYONE_ASKS && text.includes(`(/s/${space.id}/members)`);
  const close = () => setWaiting(null);
  return {
    /** Sends, or asks first. */
    sendOrAsk: (send: () => void) => (callsMany ? setWaiting({ send }) : send()),
    dialog: (
      <AskEveryone
        isOpen={waiting !== null}
        onClose={close}
        space={space}
        onSend={() => {
          close();
          waiting?.send();
        }}
      />
    ),
  };
}
