import type { MessagePage, Pin } from '@teambrain/contract/chat.ts';

/** The pins of those messages that have one, by the messages' ids. */
export type PinsById = ReadonlyMap<string, Pin>;

export interface Pinned {
  id: string;
  /** Null takes it away. */
  pin: Pin | null;
}

export function pinsIn({ states }: MessagePage): PinsById {
  return new Map(states.flatMap(({ id, pin }) => (pin ? [[id, pin] as const] : [])));
}

/** Pins after one was set or taken away; the same map where that changes nothing. */
export function withPin(known: PinsById, { id, pin }: Pinned): PinsById {
  if (pin === null && !known.has(id)) return known;
  const next = new Map(known);
  if (pin) next.set(id, pin);
  else next.delete(id);
  return next;
}
