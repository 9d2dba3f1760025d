import { newId } from '../../platform/core/id.ts';
import type { ChatTurn, LoadText, SourceRef, Span } from '../../platform/core/knowledge.ts';
import type { TextReader } from '../../platform/reader/client.ts';
import type { RunDraft } from '../../platform/text/chat-runs.ts';
import type { Cut } from '../../platform/text/cuts.ts';
import type { PassageDraft } from '../../platform/text/passages.ts';
import type { WordWeights } from '../../platform/text/word-weights.ts';
import { countWords } from '../../platform/text/words.ts';
import type { Standing } from './search.store.ts';
import type { Change, PassageRow, SentenceRow } from './search.write.store.ts';

/**
 * A message's sentences, and behind them the names of its files, as one that has no place in its
 * text: it is found by them and shown with them, and nothing can quote them.
 */
export function withFileNames({ sentences, words }: Cut, { fileNames = [] }: ChatTurn): Cut {
  if (fileNames.length === 0) return { sentences, words };
  const text = fileNames.join(', ');
  return {
    sentences: [...sentences, { start: 0, end: 0, text, block: -1, kind: 'prose', headings: [] }],
    words: words + countWords(text),
  };
}

/** What of a thread's root goes with each run of its replies, in words. */
const ROOT_WORDS = 60;

/** The beginning of a thread's root, as the line above the lines of a run. */
export function rootLine(author: string, { sentences }: Cut): string {
  let words = 0;
  const first = sentences.filter(({ text }) => {
    const isWithin = words < ROOT_WORDS;
    words += countWords(text);
    return isWithin;
  });
  return first.length > 0 ? `${author}: ${first.map(({ text }) => text).join(' ')}` : '';
}

/**
 * A run of chat as a passage; `texts` gives each message's Markdown. Of replies the passage has the
 * words of their root as well, but none of its sentences: those are in the run of the root itself.
 */
export function draftOfRun(
  { spaceId, threadId }: Pick<Span, 'spaceId' | 'threadId'>,
  run: RunDraft,
  texts: ReadonlyMap<string, string>,
  root: string,
): PassageRow {
  const seqs = run.messages.map(({ seq }) => seq);
  return {
    id: newId(),
    spaceId,
    kind: 'message',
    sourceId: run.messages[0]?.id ?? '',
    version: 1,
    threadId,
    firstSeq: Math.min(...seqs),
    lastSeq: Math.max(...seqs),
    title: '',
    heading: '',
    body: root ? `${root}\n${run.text}` : run.text,
    standing: 0,
    weights: NO_WORDS,
    sentences: run.messages.flatMap(({ id, version, author, sentences }) =>
      sentences.map(({ start, end, text }) => ({
        sourceType: 'message' as const,
        sourceId: id,
        version,
        start,
        end,
        author,
        text,
        quote: (texts.get(id) ?? '').slice(start, end),
        // Names of files are looked for by their words.
        encode: end > start ? text : '',
      })),
    ),
  };
}

/** The rows of a text's passages. */
export function draftsOfText(
  source: NonNullable<Awaited<ReturnType<LoadText>>>,
  passages: PassageDraft[],
): PassageRow[] {
  const { ref, title, text, version, kind, author } = source;
  return passages.map((draft, number) => ({
    id: newId(),
    spaceId: ref.spaceId,
    kind,
    sourceId: ref.id,
    version,
    threadId: null,
    firstSeq: null,
    lastSeq: null,
    title,
    heading: draft.heading,
    body: draft.text,
    standing: 0,
    weights: NO_WORDS,
    sentences: [
      // The title's vector stands once, with the first passage.
      ...(number === 0 ? [titleRow(ref, version, title)] : []),
      ...draft.sentences.map(({ start, end, text: words }) => ({
        sourceType: ref.type,
        sourceId: ref.id,
        version,
        start,
        end,
        author,
        text: words,
        quote: text.slice(start, end),
        encode: words,
      })),
    ],
  }));
}

const titleRow = ({ type, id }: SourceRef, version: number, title: string): SentenceRow => ({
  sourceType: type,
  sourceId: id,
  version,
  start: 0,
  end: 0,
  author: '',
  text: '',
  quote: '',
  encode: title,
});

const NO_WORDS: WordWeights = { words: new Map(), exact: new Map() };

/**
 * Weighs the words of drafts, and takes from the encoder what it does not understand: its vector
 * would be near to anything.
 */
export async function prepareDrafts(reader: TextReader, drafts: readonly PassageRow[]) {
  const prepared = await reader.prepare(
    drafts.map(({ title, heading, body, sentences }) => ({
      text: body,
      headings: `${title}\n${heading}`,
      sentences: sentences.map(({ encode }) => encode),
    })),
  );
  for (const [n, draft] of drafts.entries()) {
    const own = prepared[n];
    if (!own) throw new Error('The reader prepared fewer passages than it was given');
    draft.weights = own.weights;
    for (const [k, sentence] of draft.sentences.entries()) {
      if (!own.isForEncoder[k]) sentence.encode = '';
    }
  }
}

/**
 * How what stands becomes what is drafted: a passage whose sentences are the beginning of a draft is
 * kept and grows, as a chat's last run does with every message. All others are replaced.
 */
export function changeOf({ spaceId, version, passages }: Standing, drafts: PassageRow[]): Change {
  const left = new Set(passages);
  const byFirst = new Map(passages.map((passage) => [passage.sentences[0], passage]));
  const next = drafts.map((draft) => {
    const keys = draft.sentences.map(keyOf);
    const kept = byFirst.get(keys[0]);
    const isGrown =
      kept?.sourceId === draft.sourceId &&
      kept.sentences.length > 0 &&
      left.has(kept) &&
      kept.sentences.every((key, n) => key === keys[n]);
    if (!isGrown) return draft;
    left.delete(kept);
    const standing = kept.sentences.length;
    return { ...draft, id: kept.id, standing, sentences: draft.sentences.slice(standing) };
  });
  return { spaceId, version, removed: [...left].map(({ id }) => id), passages: next };
}

/** Tells sentences apart as `search.store.ts` reads them: two with one key have the same words. */
const keyOf = ({ sourceId, version, start, end, author }: SentenceRow) =>
  `${sourceId} ${version} ${start} ${end} ${author}`;
