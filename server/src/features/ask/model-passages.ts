import type { Visible } from '../../platform/access/access.ts';
import type {
  KnownSource,
  LookUp,
  Retrieved,
  RetrievedPassage,
  RetrievedSentence,
  SourceRef,
} from '../../platform/core/knowledge.ts';

/** A passage as a model may be shown it: a stretch of one source, with the source as it is now. */
export interface Piece {
  ref: SourceRef;
  source: KnownSource;
  /** Where the stretch begins in the source's text. */
  start: number;
  text: string;
  title: string;
  heading: string;
}

/** So many passages are shown, and so many characters of them. */
const MAX_PASSAGES = 8;
const MAX_TEXT = 12_000;

/**
 * What of the retrieved passages goes into a prompt, best first: looked up again under the asker's
 * rights of this moment, and left out where the text is not any more what was retrieved, or where
 * `maySend` says no (`withheld` are the spaces of those). A run of chat is a piece for each message, so that each names its author.
 */
export async function piecesFor(
  lookUp: LookUp,
  visible: Visible,
  { passages }: Retrieved,
  maySend: (source: KnownSource) => boolean,
): Promise<{ pieces: Piece[]; withheld: ReadonlySet<string> }> {
  const stretches = passages.slice(0, MAX_PASSAGES).flatMap(stretchesOf);
  const known = await lookUp(
    visible,
    stretches.map(({ first }) => first.ref),
  );
  const pieces: Piece[] = [];
  let left = MAX_TEXT;
  const withheld = new Set<string>();
  for (const { passage, first, last, sentences } of stretches) {
    const source = known(first.ref);
    if (!source || !sentences.every((one) => isSaid(source, one))) continue;
    if (!maySend(source)) {
      withheld.add(first.ref.spaceId);
      continue;
    }
    const text = source.text.slice(first.start, last.end).slice(0, left);
    left -= text.length;
    if (text.trim() === '') continue;
    const { title, heading } = passage;
    pieces.push({ ref: first.ref, source, start: first.start, text, title, heading });
  }
  return { pieces, withheld };
}

interface Stretch {
  passage: RetrievedPassage;
  first: RetrievedSentence;
  last: RetrievedSentence;
  sentences: RetrievedSentence[];
}

/** The sentences of a passage, together as long as they are of one source. */
function stretchesOf(passage: RetrievedPassage): Stretch[] {
  const stretches: Stretch[] = [];
  for (const sentence of passage.sentences) {
    const open = stretches.at(-1);
    if (open?.first.ref.id === sentence.ref.id) {
      open.last = sentence;
      open.sentences.push(sentence);
    } else {
      stretches.push({ passage, first: sentence, last: sentence, sentences: [sentence] });
    }
  }
  return stretches;
}

const isSaid = ({ text }: KnownSource, { start, end, quote }: RetrievedSentence) =>
  text.slice(start, end) === quote;
