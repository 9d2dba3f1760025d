/** How a text is read: each way is cheaper than the one before, and the last costs nothing. */
export const CARE = {
  /** As Markdown, cut into sentences. */
  markdown: 0,
  /** As paragraphs without any syntax, cut into sentences. */
  plain: 1,
  /** As pieces of limited length, cut between words. */
  lines: 2,
  /** Not at all: it has no sentences. */
  none: 3,
} as const;

export type Care = (typeof CARE)[keyof typeof CARE];
