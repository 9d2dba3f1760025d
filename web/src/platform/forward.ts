import type { Quote } from '@teambrain/contract/quoted.ts';
import { createStore, useStore } from './store.ts';

/** The message that is being forwarded; the frame asks where to. */
const forwarding = createStore<Quote | null>(null);

export const startForward = (quote: Quote): void => forwarding.set(quote);
export const endForward = (): void => forwarding.set(null);

export function useForwarding(): Quote | null {
  return useStore(forwarding);
}
