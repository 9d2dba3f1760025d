/** Lexemes of two words side by side in a question: "conference room", "core hours". */
export type Phrase = readonly [string, string];

/** Between the two words of a phrase at most this many others may lie. */
const BETWEEN = 1;

/** The phrases of a question (its lexemes, '' for a stop word): neighbours that both mean something. */
export function phrasesOf(words: readonly string[]): Phrase[] {
  return words.flatMap((word, i) => {
    const next = words[i + 1];
    return word && next ? [[word, next] as const] : [];
  });
}

/** Whether one of the texts, given as lexemes in order, holds the phrase, in either order. */
export function hasPhrase([a, b]: Phrase, texts: readonly (readonly string[])[]): boolean {
  return texts.some((terms) =>
    terms.some((term, i) => {
      const other = term === a ? b : term === b ? a : undefined;
      return other !== undefined && terms.slice(i + 1, i + 2 + BETWEEN).includes(other);
    }),
  );
}
