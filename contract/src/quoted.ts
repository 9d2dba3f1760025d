import Type, { type Static } from 'typebox';
import { Closed, Id, Instant, Nullable, Person } from './id.ts';

/** Characters of a quoted message that readers are given. */
export const QUOTE_TEXT = 500;

/** Points at a message that another one quotes, in its own space or (forwarded) in another one. */
export const QuoteRef = Closed({ spaceId: Id, id: Id });
export type QuoteRef = Static<typeof QuoteRef>;

/**
 * What a message quotes, as it is now. Its words are null once the quoted message was deleted. Within
 * a space they follow its edits; words forwarded to another space do not: nobody
 * forwarded the words of an edit, and the old ones were taken back by their author.
 */
export const Quote = Closed({
  from: QuoteRef,
  words: Nullable(
    Closed({
      author: Person,
      at: Instant,
      text: Type.String({ description: `Its first ${QUOTE_TEXT} characters, Markdown` }),
    }),
  ),
  isChanged: Type.Boolean({ description: 'Whether there are no words as they were edited since' }),
});
export type Quote = Static<typeof Quote>;
