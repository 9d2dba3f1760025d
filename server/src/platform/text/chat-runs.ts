import type { Cut } from './cuts.ts';
import type { Sentence } from './sentences.ts';
import { countWords } from './words.ts';

/** A chat message as the passage builder reads it; `text` is its Markdown. */
export interface ChatMessage {
  id: string;
  /** Position in its space: ascending, not necessarily without gaps. */
  seq: number;
  author: string;
  text: string;
  createdAt: Date;
  version: number;
}

export interface RunMessage {
  id: string;
  seq: number;
  author: string;
  version: number;
  createdAt: Date;
  /** Offsets count in this message's Markdown. */
  sentences: Sentence[];
}

/** A unit of search in chat: consecutive turns of about 160 words. */
export interface RunDraft {
  /** Plain text, one "Author: words" line per message. */
  text: string;
  words: number;
  /** At least one. A message over 240 words is spread over several runs of its own. */
  messages: RunMessage[];
}

const TARGET = 160;
const MOST = 200;
const LONG = 240;
const SILENCE_MS = 30 * 60_000;

/**
 * Groups the messages of one conversation, in the order of `seq`. A run ends at about 160 words or
 * at a silence of more than 30 minutes. Whether a message opens a run depends on that run and the
 * message alone, so runs never change when messages are appended, except the last one; building
 * again from the first message of any run gives the same runs from there on.
 *
 * @param cut a message's sentences, as `cutMessage` made them
 */
export function chatRunsOf<M extends ChatMessage>(
  messages: M[],
  cut: (message: M) => Cut,
): RunDraft[] {
  const runs: RunDraft[] = [];
  let open: RunDraft | null = null;
  for (const message of [...messages].sort((a, b) => a.seq - b.seq)) {
    const { sentences, words } = cut(message);
    if (words > LONG) {
      for (const part of parts(sentences, words)) {
        runs.push(append(emptyRun(), message, { sentences: part, words: wordsOf(part) }));
      }
      open = null;
      continue;
    }
    if (!open || opensRun(open, message, words)) {
      open = emptyRun();
      runs.push(open);
    }
    append(open, message, { sentences, words });
  }
  return runs;
}

function opensRun(run: RunDraft, message: ChatMessage, words: number): boolean {
  const last = run.messages.at(-1);
  if (last && message.createdAt.getTime() - last.createdAt.getTime() > SILENCE_MS) return true;
  if (run.words >= TARGET) return true;
  return run.words >= TARGET / 2 && run.words + words > MOST;
}

/** Even parts of a long message, cut between sentences. */
function parts(sentences: Sentence[], total: number): Sentence[][] {
  const target = total / Math.ceil(total / MOST);
  const cut: Sentence[][] = [];
  let part: Sentence[] = [];
  let words = 0;
  for (const sentence of sentences) {
    if (words >= target) {
      cut.push(part);
      part = [];
      words = 0;
    }
    part.push(sentence);
    words += countWords(sentence.text);
  }
  if (part.length > 0) cut.push(part);
  return cut;
}

function emptyRun(): RunDraft {
  return { text: '', words: 0, messages: [] };
}

function append(run: RunDraft, message: ChatMessage, { sentences, words }: Cut): RunDraft {
  const { id, seq, author, version, createdAt } = message;
  const line = `${author}: ${sentences.map((sentence) => sentence.text).join(' ')}`.trim();
  run.text = run.text ? `${run.text}\n${line}` : line;
  run.words += words;
  run.messages.push({ id, seq, author, version, createdAt, sentences });
  return run;
}

function wordsOf(sentences: Sentence[]): number {
  return sentences.reduce((sum, sentence) => sum + countWords(sentence.text), 0);
}
