import type { Message, MessagePage } from '@teambrain/contract/chat.ts';
import type { Quote, QuoteRef } from '@teambrain/contract/quoted.ts';

/** What messages quote, by the ids of those that do. */
export type QuotesById = ReadonlyMap<string, Quote>;

export function quotesIn({ states }: MessagePage): QuotesById {
  return new Map(states.flatMap(({ id, quote }) => (quote ? [[id, quote] as const] : [])));
}

/** A quotation of a message that was edited or deleted, within its own space or in another one. */
export function quoteAfter(quote: Quote, now: Message | null, spaceId: string): Quote {
  if (now === null) return { ...quote, words: null, isChanged: false };
  if (quote.from.spaceId !== spaceId) return { ...quote, words: null, isChanged: true };
  return quote.words ? { ...quote, words: { ...quote.words, text: now.text } } : quote;
}

/**
 * Quotations after a message was edited, or (null) deleted; the same map where none is of it.
 * @param spaceId where the messages are that quote
 */
export function withSource(
  known: QuotesById,
  source: QuoteRef,
  now: Message | null,
  spaceId: string,
): QuotesById {
  const own = [...known].filter(
    ([, { from }]) => from.id === source.id && from.spaceId === source.spaceId,
  );
  if (own.length === 0) return known;
  const next = new Map(known);
  for (const [id, quote] of own) next.set(id, quoteAfter(quote, now, spaceId));
  return next;
}
