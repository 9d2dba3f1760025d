import type { Cut } from '../text/cuts.ts';
import type { PassageDraft } from '../text/passages.ts';
import type { WordWeights } from '../text/word-weights.ts';
import type { ReaderHost } from './host.ts';

/**
 * Reads people's Markdown away from the main loop, in a process with budgets of time and memory: a
 * text can be made that takes minutes to parse. One that goes over its budget is read with more
 * care from then on (`CARE`), so a call gets a result for every text.
 */
export interface TextReader {
  /** The sentences of chat messages, in the order given. @throws ProblemError `busy` */
  cut(texts: readonly string[]): Promise<Cut[]>;
  /** The passages of documents, in the order given. @throws ProblemError `busy` */
  passages(documents: readonly TitledText[]): Promise<PassageDraft[][]>;
  /** What the index keeps of passages, in the order given. @throws ProblemError `busy` */
  prepare(passages: readonly IndexedText[]): Promise<Prepared[]>;
}

/** A passage to be indexed, in plain text. */
export interface IndexedText {
  text: string;
  /** Its document's title and its headings. */
  headings: string;
  sentences: string[];
}

export interface Prepared {
  weights: WordWeights;
  /** For each sentence whether the encoder understands it: see `isForEncoder`. */
  isForEncoder: boolean[];
}

export interface TitledText {
  title: string;
  markdown: string;
}

/** Of one job, in characters: what a person waits for waits for no more than that. */
const JOB_SIZE = 50_000;

/** The reader as the index uses it, which nobody waits for. */
export function createTextReader(host: Pick<ReaderHost, 'run'>): TextReader {
  async function inParts<T>(
    name: string,
    items: readonly T[],
    textOf: (item: T) => string,
  ): Promise<unknown[]> {
    const results: unknown[] = [];
    for (const input of partsOf(items, textOf)) {
      const output = await host.run({ name, input, texts: input.map(textOf) });
      results.push(...(output as unknown[]));
    }
    return results;
  }
  return {
    cut: async (texts) => (await inParts('cut', texts, (text) => text)) as Cut[],
    passages: async (documents: readonly TitledText[]) =>
      (await inParts('passages', documents, ({ markdown }) => markdown)) as PassageDraft[][],
    prepare: async (passages) =>
      (await inParts('prepare', passages, ({ text }) => text)) as Prepared[],
  };
}

/** In order; an item that is larger makes a part of its own. */
function partsOf<T>(items: readonly T[], textOf: (item: T) => string): T[][] {
  const parts: T[][] = [];
  let room = 0;
  for (const item of items) {
    const size = textOf(item).length;
    const last = parts.at(-1);
    if (last && size <= room) last.push(item);
    else {
      parts.push([item]);
      room = JOB_SIZE;
    }
    room -= size;
  }
  return parts;
}
