import type { ReadTexts } from './features/ask/index.ts';
import type { Summarise } from './features/summaries/index.ts';
import type { Log } from './platform/core/log.ts';
import { startProcess } from './platform/core/worker.ts';
import { createTextReader, type TextReader } from './platform/reader/client.ts';
import { createReaderHost, type ReaderHost } from './platform/reader/host.ts';
import type { Cut } from './platform/text/cuts.ts';

/** It hands on what waits for the reader, and what the reader made of it. */
const KEEPER_HEAP_MB = 128;

/** Everything that reads people's Markdown, done by the process of `reader.worker.ts`. */
export interface Reader extends TextReader {
  sentences: ReadTexts;
  summarise: Summarise;
  /** Readers started, jobs done, and readings that went over their budget. */
  counts: ReaderHost['counts'];
  /** Ends the process at once. */
  close(): void;
}

export function openReader(log: Log): Reader {
  const start = () => startProcess(import.meta.url, 'reader.keeper.worker', KEEPER_HEAP_MB);
  const host = createReaderHost({ start, log });
  return {
    ...createTextReader(host),
    async sentences(texts) {
      const job = { name: 'cut', input: texts, texts, isUrgent: true };
      return ((await host.run(job)) as Cut[]).map(({ sentences }) => sentences);
    },
    async summarise(input) {
      const sources = input.type === 'entry' ? [input.source] : input.turns;
      const texts = sources.map(({ text }) => text);
      const job = { name: 'summarise', input, texts, isUrgent: true };
      return (await host.run(job)) as Awaited<ReturnType<Summarise>>;
    },
    counts: host.counts,
    close: () => host.close(),
  };
}
