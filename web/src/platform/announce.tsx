import { createStore, useStore } from './store.ts';

const said = createStore({ text: '', turn: 0 });

/** Long enough to be read out; then the words go, because a message may be deleted. */
const KEPT_MS = 5_000;

/** Has a screen reader say something at its next pause. */
export function announce(text: string): void {
  said.set((was) => ({ text, turn: was.turn + 1 }));
  const { turn } = said.get();
  setTimeout(() => said.set((now) => (now.turn === turn ? { ...now, text: '' } : now)), KEPT_MS);
}

/** The region that is read out; rendered once. */
export function Announcer() {
  const { text, turn } = useStore(said);
  // Without a change of the text the same words twice would be read once.
  return (
    <div aria-live="polite" role="status" className="tb-hidden">
      {text}
      {turn % 2 === 1 ? '\u00a0' : ''}
    </div>
  );
}
