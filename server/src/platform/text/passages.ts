import type { Care } from './care.ts';
import { sentencesOf, type Sentence } from './sentences.ts';
import { countWords } from './words.ts';

/** A unit of search: 100 to 200 words of a document under one heading path. */
export interface PassageDraft {
  /** Heading path joined by " › "; without the document's own title. */
  heading: string;
  /** Plain text: one block per line, with the inner headings of merged sections. */
  text: string;
  /** Without headings; under four words joined to a neighbour of the same block. */
  sentences: Sentence[];
  /** Range in the Markdown, UTF-16 units, end exclusive. */
  start: number;
  end: number;
}

const ENOUGH = 100;
const MOST = 200;
/** Too short to stand alone behind a section that is long enough. */
const RUNT = 40;
/** An entry of a table of contents: nothing but a link to a heading of the same document. */
const IN_CONTENTS = /^\[[^\]]*\]\(#[^)]*\)$/;

interface Piece {
  path: string[];
  /** A section whose heading is a question stays alone: it is an FAQ entry. */
  isAlone: boolean;
  /** Headings and sentences in text order. */
  parts: Sentence[];
  words: number;
}

/**
 * The passages of a document in order, without overlap. Sections under 100 words are merged with
 * their siblings or parent's opening, sections over 200 words are cut between blocks, else between
 * sentences. A document with a title only gives one passage without sentences.
 */
export function passagesOf(title: string, markdown: string, care?: Care): PassageDraft[] {
  const options = { joinShort: true, ...(care ? { care } : {}) };
  const sentences = sentencesOf(markdown, options).filter(
    ({ start, end, kind }) => kind !== 'list' || !IN_CONTENTS.test(markdown.slice(start, end)),
  );
  const pieces = mergedPieces(sectionsOf(sentences).flatMap(cutSection));
  if (pieces.length === 0) {
    return title.trim() ? [{ heading: '', text: '', sentences: [], start: 0, end: 0 }] : [];
  }
  return pieces.map((piece) => draft(piece, title));
}

/** One piece per heading path; a heading without text goes to the deeper section behind it. */
function sectionsOf(sentences: Sentence[]): Piece[] {
  const sections: Piece[] = [];
  let current: Piece = { path: [], isAlone: false, parts: [], words: 0 };
  for (const sentence of sentences) {
    if (sentence.kind === 'heading') {
      const path = [...sentence.headings, sentence.text];
      const isEmptyParent =
        sections.length > 0 && !hasText(current) && path.length > current.path.length;
      const next: Piece = { path, isAlone: isQuestion(sentence.text), parts: [], words: 0 };
      if (isEmptyParent) Object.assign(current, { path, isAlone: next.isAlone });
      else sections.push((current = next));
    } else if (sections.length === 0) {
      sections.push(current);
    }
    current.parts.push(sentence);
    current.words += countWords(sentence.text);
  }
  return sections;
}

function hasText(piece: Piece): boolean {
  return piece.parts.some((part) => part.kind !== 'heading');
}

function isQuestion(heading: string): boolean {
  return heading.endsWith('?');
}

/** Cuts a section of more than 200 words into even parts, at block ends where one is near. */
function cutSection(section: Piece): Piece[] {
  if (section.words <= MOST) return [section];
  const target = section.words / Math.ceil(section.words / ((ENOUGH + MOST) / 2));
  const pieces: Piece[] = [];
  let piece: Piece = { ...section, parts: [], words: 0 };
  for (const [i, part] of section.parts.entries()) {
    const words = countWords(part.text);
    const endsBlock = section.parts[i - 1]?.block !== part.block;
    const isFull = piece.words + words > MOST || piece.words >= (endsBlock ? target : MOST);
    if (piece.words > 0 && hasText(piece) && isFull) {
      pieces.push(piece);
      piece = { ...section, parts: [], words: 0 };
    }
    piece.parts.push(part);
    piece.words += words;
  }
  pieces.push(piece);
  return pieces;
}

/** Unites neighbouring sections that are short; see `canMerge`. */
function mergedPieces(pieces: Piece[]): Piece[] {
  const merged: Piece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (last && canMerge(last, piece)) {
      if (!hasText(last)) last.path = piece.path;
      else if (hasText(piece)) last.path = commonPath(last.path, piece.path);
      last.isAlone &&= piece.isAlone;
      last.parts.push(...piece.parts);
      last.words += piece.words;
    } else {
      merged.push({ ...piece, parts: [...piece.parts] });
    }
  }
  return merged;
}

/** Siblings, or a parent's opening and its child, of which one is short and both fit together. */
function canMerge(a: Piece, b: Piece): boolean {
  if (a.words + b.words > MOST) return false;
  if (!hasText(a) || !hasText(b)) return true;
  if (a.words >= ENOUGH && b.words >= RUNT) return false;
  const common = commonPath(a.path, b.path).length;
  if (common === Math.max(a.path.length, b.path.length)) return true;
  if (a.isAlone || b.isAlone) return false;
  return common >= Math.min(a.path.length, b.path.length) - 1;
}

function commonPath(a: string[], b: string[]): string[] {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}

function draft({ path, parts }: Piece, title: string): PassageDraft {
  const isTitle = path[0]?.trim().toLowerCase() === title.trim().toLowerCase();
  // A heading that the path already names is not repeated in the text.
  const shown = parts.filter(
    (part) => part.kind !== 'heading' || path[part.headings.length] !== part.text,
  );
  const lines: string[] = [];
  let block = -1;
  for (const part of shown) {
    if (part.block === block) lines.push(`${lines.pop() ?? ''} ${part.text}`);
    else lines.push(part.text);
    block = part.block;
  }
  return {
    heading: path.slice(isTitle ? 1 : 0).join(' › '),
    text: lines.join('\n'),
    sentences: parts.filter((part) => part.kind !== 'heading'),
    start: parts[0]?.start ?? 0,
    end: parts.at(-1)?.end ?? 0,
  };
}
