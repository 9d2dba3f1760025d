import { sourcesOf, summarise, type SummaryInput } from './features/summaries/summarise.ts';
import { CARE } from './platform/text/care.ts';
import { cutMessage } from './platform/text/cuts.ts';
import { isForEncoder } from './platform/text/language.ts';
import { passagesOf } from './platform/text/passages.ts';
import type { IndexedText, Prepared, TitledText } from './platform/reader/client.ts';
import { serveReader, type Read } from './platform/reader/serve.ts';
import { sentencesOf } from './platform/text/sentences.ts';
import { weighWords } from './platform/text/word-weights.ts';

// The process that reads people's Markdown (decision 18): nothing else imports the parser.
serveReader({
  cut: (texts: readonly string[], read: Read) =>
    texts.map((text, n) => read(n, text.length, (care) => cutMessage({ text }, care))),
  passages: (documents: readonly TitledText[], read: Read) =>
    documents.map(({ title, markdown }, n) =>
      read(n, markdown.length, (care) => passagesOf(title, markdown, care)),
    ),
  prepare: (passages: readonly IndexedText[], read: Read): Prepared[] =>
    passages.map(({ text, headings, sentences }, n) =>
      read(n, text.length, (care) =>
        care === CARE.none
          ? { weights: weighWords('', headings), isForEncoder: sentences.map(() => false) }
          : { weights: weighWords(text, headings), isForEncoder: sentences.map(isForEncoder) },
      ),
    ),
  summarise: (target: SummaryInput, read: Read) => {
    const sentences = sourcesOf(target).map(({ text }, n) =>
      read(n, text.length, (care) => sentencesOf(text, { care })),
    );
    read.rest();
    return summarise(target, sentences);
  },
});
